/* The simulated libcudnn: nothing but its version, which is in the name of its file. */
#include "place.h"
#include "sys.h"
#include "text.h"

/** The number after `libcudnn.so.`: 9.8.0 as 90800, 8.9.2 as 8902. */
EXPORT size_t cudnnGetVersion(void) {
    struct place place;
    size_t part[3] = {0, 0, 0};
    place_find(&place, (const void *)&cudnnGetVersion);
    const char *at = text_find(place.path, "libcudnn.so.");
    if (!at) return 0;
    at += text_length("libcudnn.so.");
    for (int index = 0; index < 3; index++) {
        for (; *at >= '0' && *at <= '9' && part[index] < 1000; at++) part[index] = part[index] * 10 + (size_t)(*at - '0');
        if (*at == '.') at++;
    }
    return part[0] >= 9 ? part[0] * 10000 + part[1] * 100 + part[2] : part[0] * 1000 + part[1] * 100 + part[2];
}
