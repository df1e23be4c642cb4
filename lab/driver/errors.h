#ifndef SIMULATED_ERRORS_H
#define SIMULATED_ERRORS_H

/** `CUDA_ERROR_NO_DEVICE` and its words; NULL for a code that has none here. */
const char *cuda_error_name(int code);
const char *cuda_error_words(int code);
/** `cudaErrorNoDevice`; the words are the same as the driver's but for a few. */
const char *runtime_error_name(int code);
const char *runtime_error_words(int code);

#endif
