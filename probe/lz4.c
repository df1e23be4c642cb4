/* The block format is described in doc/lz4_Block_format.md of the lz4 project. */
#include "lz4.h"

struct input {
    const unsigned char *at, *end;
};

/** A length that goes on in further bytes while they are 255; cut short at the end of what is given. */
static size_t take_length(struct input *input, size_t length) {
    enum { GOES_ON = 15, FULL = 255 };
    if (length < GOES_ON) return length;
    while (input->at < input->end) {
        unsigned char more = *input->at++;
        length += more;
        if (more != FULL) break;
    }
    return length;
}

size_t lz4_beginning(const unsigned char *block, size_t bytes, unsigned char *into, size_t room) {
    enum { LEAST_MATCH = 4, DISTANCE_BYTES = 2 };
    struct input input = {block, block + bytes};
    size_t made = 0;
    while (input.at < input.end && made < room) {
        unsigned char token = *input.at++;
        size_t literals = take_length(&input, token >> 4);
        for (; literals > 0 && made < room && input.at < input.end; literals--) into[made++] = *input.at++;
        if (literals > 0 || (size_t)(input.end - input.at) < DISTANCE_BYTES) break;
        size_t distance = (size_t)(input.at[0] | input.at[1] << 8);
        input.at += DISTANCE_BYTES;
        if (distance == 0 || distance > made) break;
        size_t match = take_length(&input, token & 15) + LEAST_MATCH;
        for (; match > 0 && made < room; match--, made++) into[made] = into[made - distance];
    }
    return made;
}
