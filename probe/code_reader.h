/* Says `code` for each file of an image that has device code. */
#ifndef PROBE_CODE_READER_H
#define PROBE_CODE_READER_H

#include "reading.h"

extern const struct reader CODE_READER;

#endif
