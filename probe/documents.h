/* Documents of the protocol on their way out: one JSON object a line. */
#ifndef PROBE_DOCUMENTS_H
#define PROBE_DOCUMENTS_H

#include "text.h"

enum { DOCUMENT_ROOM = 128 * 1024 };

struct documents {
    /** Where the lines go. */
    int file;
    /** Repeated in every document, with the protocol's name; NULL for lines of `--scan`, which have neither. */
    const char *nonce;
    char room[DOCUMENT_ROOM];
};

void document_open(struct documents *documents, struct json *json, const char *step);
/** Ends the document and writes its line whole. */
void document_close(struct documents *documents, struct json *json);

/** Writes all of it, whatever the file takes at a time. Returns 0 when the file takes no more. */
int write_all(int file, const char *text, size_t length);

#endif
