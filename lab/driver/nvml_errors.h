#ifndef SIMULATED_NVML_ERRORS_H
#define SIMULATED_NVML_ERRORS_H

const char *nvml_error_words(int code);

#endif
