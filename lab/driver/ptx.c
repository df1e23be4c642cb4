#include "ptx.h"

#include "sys.h"
#include "text.h"

enum operation {
    LOAD_PARAMETER, MOVE, MAD_LO_32, SET_GE_U32, BRANCH, TO_GLOBAL, MUL_WIDE_U32, ADD_64, ADD_32, LOAD_GLOBAL_32,
    MUL_LO_32, XOR_32, AND_32, FLOAT_FROM_U32, FMA_F32, U32_FROM_FLOAT, STORE_GLOBAL_32, RETURN
};

static const struct {
    const char *word;
    enum operation operation;
    int operands;
} OPERATIONS[] = {
    {"ld.param.u64", LOAD_PARAMETER, 2}, {"ld.param.u32", LOAD_PARAMETER, 2}, {"mov.u32", MOVE, 2},
    {"mad.lo.u32", MAD_LO_32, 4},        {"setp.ge.u32", SET_GE_U32, 3},      {"bra", BRANCH, 1},
    {"cvta.to.global.u64", TO_GLOBAL, 2}, {"mul.wide.u32", MUL_WIDE_U32, 3},  {"add.u64", ADD_64, 3},
    {"add.u32", ADD_32, 3},              {"ld.global.u32", LOAD_GLOBAL_32, 2}, {"mul.lo.u32", MUL_LO_32, 3},
    {"xor.b32", XOR_32, 3},              {"and.b32", AND_32, 3},              {"cvt.rn.f32.u32", FLOAT_FROM_U32, 2},
    {"fma.rn.f32", FMA_F32, 4},          {"cvt.rzi.u32.f32", U32_FROM_FLOAT, 2},
    {"st.global.u32", STORE_GLOBAL_32, 2}, {"ret", RETURN, 0}};

enum { SLOT_BLOCK = PTX_REGISTERS, SLOT_BLOCK_SIZE, SLOT_THREAD, SLOT_CONSTANTS };

/* Registers share one file: predicates, floats, 32-bit and 64-bit ones in a range of their own each. */
static int register_index(const char *word) {
    static const struct {
        const char *prefix;
        int base;
    } KINDS[] = {{"%rd", 48}, {"%r", 16}, {"%f", 8}, {"%p", 0}};
    for (size_t at = 0; at < sizeof KINDS / sizeof KINDS[0]; at++) {
        if (!text_starts(word, KINDS[at].prefix)) continue;
        const char *digits = word + text_length(KINDS[at].prefix);
        int number = 0;
        if (!*digits) return -1;
        for (; *digits; digits++) {
            if (*digits < '0' || *digits > '9') return -1;
            number = number * 10 + (*digits - '0');
        }
        int last = KINDS[at].base == 16 ? 32 : KINDS[at].base == 48 ? 16 : 8;
        return number < last ? KINDS[at].base + number : -1;
    }
    return -1;
}

static int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

static int read_constant(const char *word, uint64_t *value) {
    uint64_t result = 0;
    if (text_starts(word, "0f")) {
        for (word += 2; *word; word++) {
            if (hex_value(*word) < 0) return 0;
            result = result * 16 + (uint64_t)hex_value(*word);
        }
    } else {
        for (; *word; word++) {
            if (*word < '0' || *word > '9') return 0;
            result = result * 10 + (uint64_t)(*word - '0');
        }
    }
    *value = result;
    return 1;
}

static int constant_slot(struct ptx_kernel *kernel, uint64_t value) {
    if (kernel->constant_count == PTX_CONSTANTS) return -1;
    kernel->constant[kernel->constant_count] = value;
    return SLOT_CONSTANTS + kernel->constant_count++;
}

/** The slot that the word stands for, -1 when it is not known. A parameter's name stands for its number. */
static int read_operand(struct ptx_kernel *kernel, const char *word) {
    uint64_t value = 0;
    if (text_equal(word, "%ctaid.x")) return SLOT_BLOCK;
    if (text_equal(word, "%ntid.x")) return SLOT_BLOCK_SIZE;
    if (text_equal(word, "%tid.x")) return SLOT_THREAD;
    if (*word == '%') return register_index(word);
    for (int at = 0; at < kernel->parameter_count; at++)
        if (text_equal(word, kernel->parameter[at])) return constant_slot(kernel, (uint64_t)at);
    return read_constant(word, &value) ? constant_slot(kernel, value) : -1;
}

/** The next word at `*at`; commas, brackets and white space part words. 0 at the text's end. */
static int next_word(const char **at, char word[PTX_NAME]) {
    const char *from = *at;
    for (;;) {
        while (*from == ' ' || *from == '\n' || *from == '\t' || *from == '\r' || *from == ',' || *from == '[' ||
               *from == ']' || *from == '(' || *from == ')')
            from++;
        if (!text_starts(from, "//")) break;
        while (*from && *from != '\n') from++;
    }
    size_t length = 0;
    if (*from == ';' || *from == '{' || *from == '}' || *from == ':') {
        word[length++] = *from++;
    } else {
        while (*from && !text_find(" \n\t\r,[]();{}:", (const char[]){*from, 0}) && length + 1 < PTX_NAME)
            word[length++] = *from++;
    }
    word[length] = 0;
    *at = from;
    return length > 0;
}

static int read_pair(const char *word, int *one, int *other) {
    uint64_t major = 0, minor = 0;
    char part[PTX_NAME];
    const char *dot = text_find(word, ".");
    if (!dot) return 0;
    text_copy(part, (size_t)(dot - word) + 1, word);
    if (!read_constant(part, &major) || !read_constant(dot + 1, &minor)) return 0;
    *one = (int)major;
    *other = (int)minor;
    return 1;
}

static int read_head(struct ptx_kernel *kernel, const char **at) {
    char word[PTX_NAME];
    while (next_word(at, word) && !text_equal(word, "{")) {
        if (text_equal(word, ".version")) {
            if (!next_word(at, word) || !read_pair(word, &kernel->version_major, &kernel->version_minor)) return 0;
        } else if (text_equal(word, ".entry")) {
            if (!next_word(at, kernel->name)) return 0;
        } else if (text_equal(word, ".param")) {
            if (kernel->parameter_count == PTX_PARAMETERS || !next_word(at, word)) return 0;
            kernel->parameter_bytes[kernel->parameter_count] = text_equal(word, ".u64") ? 8 : 4;
            if (!next_word(at, kernel->parameter[kernel->parameter_count++])) return 0;
        }
    }
    return kernel->name[0] != 0 && kernel->version_major > 0;
}

static int skip_statement(const char **at, char word[PTX_NAME]) {
    while (next_word(at, word))
        if (text_equal(word, ";")) return 1;
    return 0;
}

static int read_instruction(struct ptx_kernel *kernel, const char **at, char word[PTX_NAME]) {
    if (kernel->instruction_count == PTX_INSTRUCTIONS) return 0;
    struct ptx_instruction *instruction = &kernel->instruction[kernel->instruction_count];
    instruction->guard = -1;
    if (word[0] == '@') {
        instruction->guard = register_index(word + 1);
        if (instruction->guard < 0 || !next_word(at, word)) return 0;
    }
    for (size_t known = 0; known < sizeof OPERATIONS / sizeof OPERATIONS[0]; known++) {
        if (!text_equal(word, OPERATIONS[known].word)) continue;
        instruction->operation = OPERATIONS[known].operation;
        for (int operand = 0; operand < OPERATIONS[known].operands; operand++) {
            if (!next_word(at, word)) return 0;
            if (instruction->operation == BRANCH) continue;
            instruction->slot[operand] = read_operand(kernel, word);
            if (instruction->slot[operand] < 0) return 0;
        }
        kernel->instruction_count++;
        return next_word(at, word) && text_equal(word, ";");
    }
    return 0;
}

int ptx_read(struct ptx_kernel *kernel, const char *text) {
    char word[PTX_NAME];
    int labelled = 0;
    memset(kernel, 0, sizeof *kernel);
    if (!read_head(kernel, &text)) return 0;
    while (next_word(&text, word) && !text_equal(word, "}")) {
        if (word[0] == '.') {
            if (!skip_statement(&text, word)) return 0;
        } else if (word[0] >= 'A' && word[0] <= 'Z') {
            /* The one label stands before the last `ret`, so that a branch to it is the same as returning. */
            if (labelled++ || !next_word(&text, word) || !text_equal(word, ":")) return 0;
        } else if (labelled && !text_equal(word, "ret")) {
            return 0;
        } else if (!read_instruction(kernel, &text, word)) {
            return 0;
        }
    }
    return kernel->instruction_count > 0 &&
           kernel->instruction[kernel->instruction_count - 1].operation == RETURN;
}

static float as_float(uint64_t bits) {
    union {
        uint32_t bits;
        float number;
    } both = {.bits = (uint32_t)bits};
    return both.number;
}

static uint64_t bits_of(float number) {
    union {
        float number;
        uint32_t bits;
    } both = {.number = number};
    return both.bits;
}

static int run_thread(const struct ptx_kernel *kernel, const uint64_t *parameters, uint64_t *file,
                      ptx_is_valid *is_valid) {
    const struct ptx_instruction *end = kernel->instruction + kernel->instruction_count;
    for (const struct ptx_instruction *at = kernel->instruction; at < end; at++) {
        if (at->guard >= 0 && !file[at->guard]) continue;
        uint64_t *out = &file[at->slot[0]];
        const uint64_t one = file[at->slot[1]], two = file[at->slot[2]], three = file[at->slot[3]];
        switch (at->operation) {
        case LOAD_PARAMETER: *out = parameters[one]; break;
        case MOVE:
        case TO_GLOBAL: *out = one; break;
        case MAD_LO_32: *out = (uint32_t)(one * two + three); break;
        case SET_GE_U32: *out = (uint32_t)one >= (uint32_t)two; break;
        case MUL_WIDE_U32: *out = (uint64_t)(uint32_t)one * (uint32_t)two; break;
        case ADD_64: *out = one + two; break;
        case ADD_32: *out = (uint32_t)(one + two); break;
        case MUL_LO_32: *out = (uint32_t)(one * two); break;
        case XOR_32: *out = (uint32_t)(one ^ two); break;
        case AND_32: *out = (uint32_t)(one & two); break;
        case FLOAT_FROM_U32: *out = bits_of((float)(uint32_t)one); break;
        /* Exact in double, so rounded once as a fused operation is, for the numbers that the test kernel uses. */
        case FMA_F32: *out = bits_of((float)((double)as_float(one) * as_float(two) + as_float(three))); break;
        case U32_FROM_FLOAT: *out = (uint32_t)as_float(one); break;
        case LOAD_GLOBAL_32:
            if (!is_valid(one, 4)) return 0;
            *out = *(const uint32_t *)(uintptr_t)one;
            break;
        case STORE_GLOBAL_32:
            if (!is_valid(*out, 4)) return 0;
            *(uint32_t *)(uintptr_t)*out = (uint32_t)one;
            break;
        default: return 1;
        }
    }
    return 1;
}

int ptx_run(const struct ptx_kernel *kernel, const uint64_t *parameters, unsigned blocks, unsigned block_threads,
            ptx_is_valid *is_valid) {
    uint64_t file[SLOT_CONSTANTS + PTX_CONSTANTS];
    memset(file, 0, sizeof file);
    for (int at = 0; at < kernel->constant_count; at++) file[SLOT_CONSTANTS + at] = kernel->constant[at];
    file[SLOT_BLOCK_SIZE] = block_threads;
    for (unsigned block = 0; block < blocks; block++) {
        file[SLOT_BLOCK] = block;
        for (unsigned thread = 0; thread < block_threads; thread++) {
            file[SLOT_THREAD] = thread;
            if (!run_thread(kernel, parameters, file, is_valid)) return 0;
        }
    }
    return 1;
}
