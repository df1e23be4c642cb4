/* A small PTX machine: enough of the language to run the probe's test kernel from its own text. */
#ifndef SIMULATED_PTX_H
#define SIMULATED_PTX_H

#include <stddef.h>
#include <stdint.h>

enum { PTX_INSTRUCTIONS = 64, PTX_PARAMETERS = 8, PTX_REGISTERS = 64, PTX_CONSTANTS = 32, PTX_NAME = 64 };

struct ptx_instruction {
    int operation;
    /** Index of the predicate register that must be true, -1 for none. */
    int guard;
    /** Slots of the operands, the target first. */
    int slot[4];
};

struct ptx_kernel {
    char name[PTX_NAME];
    int version_major, version_minor;
    int parameter_count;
    char parameter[PTX_PARAMETERS][PTX_NAME];
    int parameter_bytes[PTX_PARAMETERS];
    /** Constants have slots after the registers' and the special registers', so that every operand is a slot. */
    int constant_count;
    uint64_t constant[PTX_CONSTANTS];
    int instruction_count;
    struct ptx_instruction instruction[PTX_INSTRUCTIONS];
};

/** Reads the module's text, which has one entry; 0 when it uses what this machine does not know. */
int ptx_read(struct ptx_kernel *kernel, const char *text);

/** Whether `bytes` bytes at `address` belong to device memory. */
typedef int ptx_is_valid(uint64_t address, size_t bytes);

/** Runs every thread of every block; 0 when one touched memory that is not the device's. */
int ptx_run(const struct ptx_kernel *kernel, const uint64_t *parameters, unsigned blocks, unsigned block_threads,
            ptx_is_valid *is_valid);

#endif
