/* Device code: what targets a file has code for, by the headers of its fat binary containers. */
#ifndef PROBE_FATBIN_H
#define PROBE_FATBIN_H

#include "source.h"

enum { MOST_TARGETS = 64, MOST_KINDS = 8, MALFORMED_ROOM = 96 };

struct target {
    /** 90 of sm_90a, and `a`, `f` or 0. */
    uint32_t number;
    char suffix;
    /** Of PTX: the version of its instruction set, 8.7; 0.0 when it is not known. */
    uint16_t major, minor;
};

/** What one file has. */
struct device_code {
    struct target cubins[MOST_TARGETS], ptx[MOST_TARGETS];
    size_t cubin_count, ptx_count;
    /** Kinds of entries that are neither, as the container numbers them. */
    uint16_t other_kinds[MOST_KINDS];
    size_t other_count;
    uint64_t containers, entries, compressed;
    /** Why something could not be read, the first time; empty when all was. */
    char malformed[MALFORMED_ROOM];
};

enum { FATBIN_MAGIC = (int)0xba55ed50, FATBIN_HEADER_BYTES = 16 };

/** Whether these bytes begin a container. */
int fatbin_is(const unsigned char *head, size_t bytes);

/** Reads every container in the source, one after the other with padding between them. */
void fatbin_read(struct device_code *code, const struct source *source);

/** Looks for containers in bytes of any kind, at most `most` of them. */
void fatbin_search(struct device_code *code, const struct source *source, uint64_t most);

/** The target of a CUDA ELF file by its header's flags, whose layout changed with ABI version 8; 0 when it names none. */
int cubin_target(struct target *target, uint32_t flags, uint8_t os_abi, uint8_t abi_version);

/** Takes target and version out of PTX text; 0 when the text's beginning has none. */
int ptx_target(struct target *target, const char *text, size_t bytes);

/* Add what is not there yet; the lists stay sorted. */
void device_code_add_cubin(struct device_code *code, const struct target *target);
void device_code_add_ptx(struct device_code *code, const struct target *target);
void device_code_complain(struct device_code *code, const char *why, uint64_t at);

#endif
