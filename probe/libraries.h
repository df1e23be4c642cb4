/*
 * CUDA's libraries in an image, the driver's files, and what is missing: documents `library` and `missing`.
 *
 * A reader for reading.h. It keeps what every ELF file needs, and decides when the walk of a root is over.
 */
#ifndef PROBE_LIBRARIES_H
#define PROBE_LIBRARIES_H

#include "reading.h"

extern const struct reader LIBRARIES_READER;

#endif
