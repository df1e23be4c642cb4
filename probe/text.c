#include "text.h"

size_t text_length(const char *text) {
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

size_t text_bounded(const char *text, size_t room) {
    size_t length = 0;
    while (length < room && text[length]) length++;
    return length;
}

int text_equal(const char *one, const char *other) {
    while (*one && *one == *other) one++, other++;
    return *one == *other;
}

int text_starts(const char *text, const char *prefix) {
    while (*prefix && *text == *prefix) text++, prefix++;
    return *prefix == 0;
}

const char *text_find(const char *text, const char *part) {
    for (; *text; text++)
        if (text_starts(text, part)) return text;
    return *part ? NULL : text;
}

int text_copy(char *to, size_t room, const char *from) {
    size_t at = 0;
    while (at + 1 < room && from[at]) {
        to[at] = from[at];
        at++;
    }
    to[at] = 0;
    return from[at] == 0;
}

int text_append(char *to, size_t room, const char *from) {
    size_t used = text_bounded(to, room);
    return used < room ? text_copy(to + used, room - used, from) : 0;
}

/* Room for any 64-bit number with sign and terminator. */
enum { DIGITS = 24 };

static const char *digits_of(int64_t number, char room[DIGITS]) {
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    size_t at = DIGITS;
    room[--at] = 0;
    do {
        room[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) room[--at] = '-';
    return room + at;
}

int text_append_number(char *to, size_t room, int64_t number) {
    char digits[DIGITS];
    return text_append(to, room, digits_of(number, digits));
}

/* Kept free for the brackets that close what is open. */
enum { RESERVE = 32 };

static void put(struct json *json, char byte) {
    if (json->used < json->room) json->text[json->used++] = byte;
}

static void put_all(struct json *json, const char *text) {
    while (*text) put(json, *text++);
}

static int fits(const struct json *json, size_t bytes) {
    return json->used + bytes + RESERVE <= json->room;
}

static void put_escaped_byte(struct json *json, unsigned char byte) {
    static const char hex[] = "0123456789abcdef";
    if (byte == '"' || byte == '\\') {
        put(json, '\\');
        put(json, (char)byte);
    } else if (byte < 0x20 || byte == 0x7f) {
        put_all(json, "\\u00");
        put(json, hex[byte >> 4]);
        put(json, hex[byte & 15]);
    } else {
        put(json, (char)byte);
    }
}

/** Bytes of the well-formed UTF-8 character at `text`, 0 when it is not one (overlong, surrogate, cut, too large). */
static size_t character_bytes(const unsigned char *text, size_t left) {
    unsigned char first = text[0];
    if (first < 0x80) return 1;
    size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || bytes > left) return 0;
    for (size_t at = 1; at < bytes; at++)
        if ((text[at] & 0xc0) != 0x80) return 0;
    if (first == 0xe0 && text[1] < 0xa0) return 0;
    if (first == 0xed && text[1] > 0x9f) return 0;
    if (first == 0xf0 && text[1] < 0x90) return 0;
    if (first == 0xf4 && text[1] > 0x8f) return 0;
    return bytes;
}

static void put_quoted(struct json *json, const char *value, size_t length) {
    const unsigned char *text = (const unsigned char *)value;
    put(json, '"');
    for (size_t at = 0; at < length;) {
        size_t bytes = character_bytes(text + at, length - at);
        if (bytes == 0) {
            put_all(json, "\xef\xbf\xbd");
            at++;
        } else if (bytes == 1) {
            put_escaped_byte(json, text[at++]);
        } else {
            while (bytes-- > 0) put(json, (char)text[at++]);
        }
    }
    put(json, '"');
}

/** Starts a member of at most `bytes` bytes; 0 when the document has no room left for it. */
static int member(struct json *json, const char *name, size_t bytes) {
    size_t name_length = name ? text_length(name) : 0;
    if (!fits(json, bytes + 6 * name_length + 4)) {
        json->left_out = 1;
        return 0;
    }
    if (json->comma) put(json, ',');
    json->comma = 1;
    if (name) {
        put_quoted(json, name, name_length);
        put(json, ':');
    }
    return 1;
}

void json_open(struct json *json, char *room, size_t bytes) {
    *json = (struct json){.text = room, .used = 0, .room = bytes, .comma = 0, .left_out = 0};
    put(json, '{');
}

size_t json_close(struct json *json) {
    if (json->left_out) put_all(json, ",\"cut\":true");
    put_all(json, "}\n");
    return json->used;
}

void json_text(struct json *json, const char *name, const char *value, size_t value_room) {
    enum { LONGEST = 4096 };
    /* One look at memory that a child may still write to: what is measured is what is quoted. */
    char copy[LONGEST];
    size_t length = 0;
    while (length < LONGEST && length < value_room) {
        char byte = ((const volatile char *)value)[length];
        if (byte == 0) break;
        copy[length++] = byte;
    }
    if (member(json, name, 6 * length + 2)) put_quoted(json, copy, length);
}

void json_number(struct json *json, const char *name, int64_t value) {
    char digits[DIGITS];
    if (member(json, name, DIGITS)) put_all(json, digits_of(value, digits));
}

void json_thousandths(struct json *json, const char *name, int64_t value) {
    char digits[DIGITS];
    if (value < 0) value = 0;
    if (!member(json, name, DIGITS + 4)) return;
    put_all(json, digits_of(value / 1000, digits));
    put(json, '.');
    put(json, (char)('0' + value / 100 % 10));
    put(json, (char)('0' + value / 10 % 10));
    put(json, (char)('0' + value % 10));
}

void json_boolean(struct json *json, const char *name, int value) {
    if (member(json, name, 5)) put_all(json, value ? "true" : "false");
}

void json_members(struct json *json, const char *members, size_t length) {
    if (!member(json, NULL, length)) return;
    for (size_t at = 0; at < length; at++) put(json, members[at]);
}

void json_null(struct json *json, const char *name) {
    if (member(json, name, 4)) put_all(json, "null");
}

int json_array(struct json *json, const char *name) {
    if (!member(json, name, 2)) return 0;
    put(json, '[');
    json->comma = 0;
    return 1;
}

int json_object(struct json *json, const char *name) {
    if (!member(json, name, 2)) return 0;
    put(json, '{');
    json->comma = 0;
    return 1;
}

void json_array_end(struct json *json) {
    put(json, ']');
    json->comma = 1;
}

void json_object_end(struct json *json) {
    put(json, '}');
    json->comma = 1;
}
