/* The simulated nvidia-smi. */
#ifndef SIMULATED_SMI_H
#define SIMULATED_SMI_H

#include "config.h"

int smi_main(int argc, char **argv, char **environment);

/* Output that is kept until it is written whole. */
struct out {
    char text[65536];
    size_t used;
};
void out_text(struct out *out, const char *text);
void out_number(struct out *out, int64_t number);
/** The text in a column of `width` characters; negative: to the left. Longer text is cut with `...` as the tool does. */
void out_column(struct out *out, const char *text, int width);
void out_flush(struct out *out);

/** Which GPUs are meant: all, or the one at this index. */
struct selection {
    int only;
};

void smi_table(struct out *out, const struct config *config, struct selection selection);
void smi_list(struct out *out, const struct config *config, struct selection selection);
void smi_xml(struct out *out, const struct config *config, struct selection selection);
/** Answers `--query-gpu`; 0 when a field is not known, which it then names. */
int smi_query(struct out *out, const struct config *config, struct selection selection, const char *fields,
              int header, int units);

/** `00000000:01:00.0` */
void smi_bus_id(char to[24], int index);
/** `Tue Oct 14 08:00:00 2025`, UTC. */
void smi_timestamp(char to[32]);

#endif
