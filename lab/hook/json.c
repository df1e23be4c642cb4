#include "json.h"

#include <stdlib.h>
#include <string.h>

static const json_value NONE = {NULL, NULL};

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && strchr(" \t\r\n", *at) != NULL && *at != '\0') {
        at++;
    }
    return at;
}

static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++) {
        if (*at == '\\') {
            at++;
        }
    }
    return at < end ? at + 1 : end;
}

/* Behind the value that begins at `at`. Depth is counted, not recursed, so that no document can exhaust the stack. */
static const char *skip_value(const char *at, const char *end)
{
    int depth = 0;
    at = skip_space(at, end);
    while (at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
        } else if (*at == '{' || *at == '[') {
            depth++;
            at++;
        } else if (*at == '}' || *at == ']') {
            if (depth == 0) {
                return at;
            }
            depth--;
            at++;
        } else if (depth == 0 && *at == ',') {
            return at;
        } else {
            at++;
            if (depth > 0) {
                continue;
            }
            while (at < end && strchr(",]} \t\r\n", *at) == NULL) {
                at++;
            }
        }
        if (depth == 0) {
            return at;
        }
    }
    return end;
}

json_value json_document(const char *text, size_t length)
{
    json_value value = {skip_space(text, text + length), text + length};
    return value;
}

static json_value value_at(const char *at, const char *end)
{
    json_value value;
    value.at = skip_space(at, end);
    value.end = skip_value(value.at, end);
    return value;
}

json_value json_member(json_value object, const char *key)
{
    const char *at = object.at;
    if (at == NULL || at >= object.end || *at != '{') {
        return NONE;
    }
    at = skip_space(at + 1, object.end);
    while (at < object.end && *at == '"') {
        json_value name = {at, skip_string(at, object.end)};
        char *decoded = json_string(name);
        int found = decoded != NULL && strcmp(decoded, key) == 0;
        json_value value;
        free(decoded);
        at = skip_space(name.end, object.end);
        if (at >= object.end || *at != ':') {
            return NONE;
        }
        value = value_at(at + 1, object.end);
        if (found) {
            return value;
        }
        at = skip_space(value.end, object.end);
        if (at < object.end && *at == ',') {
            at = skip_space(at + 1, object.end);
        }
    }
    return NONE;
}

int json_next(json_value array, const char **position, json_value *item)
{
    const char *at = *position;
    if (array.at == NULL || array.at >= array.end || *array.at != '[') {
        return 0;
    }
    at = skip_space(at == NULL ? array.at + 1 : at, array.end);
    if (at < array.end && *at == ',') {
        at = skip_space(at + 1, array.end);
    }
    if (at >= array.end || *at == ']') {
        return 0;
    }
    *item = value_at(at, array.end);
    *position = item->end;
    return 1;
}

static unsigned read_hex4(const char *at)
{
    char digits[5] = {at[0], at[1], at[2], at[3], '\0'};
    return (unsigned)strtoul(digits, NULL, 16);
}

static char *write_utf8(char *to, unsigned code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xC0 | (code >> 6));
        *to++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        *to++ = (char)(0xE0 | (code >> 12));
        *to++ = (char)(0x80 | ((code >> 6) & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    } else {
        *to++ = (char)(0xF0 | (code >> 18));
        *to++ = (char)(0x80 | ((code >> 12) & 0x3F));
        *to++ = (char)(0x80 | ((code >> 6) & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    }
    return to;
}

char *json_string(json_value value)
{
    const char *at = value.at;
    char *text;
    char *to;
    if (at == NULL || at >= value.end || *at != '"') {
        return NULL;
    }
    text = malloc((size_t)(value.end - at) + 1);
    if (text == NULL) {
        return NULL;
    }
    to = text;
    for (at++; at < value.end && *at != '"'; at++) {
        if (*at != '\\') {
            *to++ = *at;
            continue;
        }
        if (++at >= value.end) {
            break;
        }
        switch (*at) {
        case 'b': *to++ = '\b'; break;
        case 'f': *to++ = '\f'; break;
        case 'n': *to++ = '\n'; break;
        case 'r': *to++ = '\r'; break;
        case 't': *to++ = '\t'; break;
        case 'u':
            if (value.end - at > 4) {
                unsigned code = read_hex4(at + 1);
                at += 4;
                if (code >= 0xD800 && code < 0xDC00 && value.end - at > 6 && at[1] == '\\' && at[2] == 'u') {
                    code = 0x10000 + ((code - 0xD800) << 10) + (read_hex4(at + 3) - 0xDC00);
                    at += 6;
                }
                to = write_utf8(to, code);
            }
            break;
        default: *to++ = *at; break;
        }
    }
    *to = '\0';
    return text;
}

long json_number(json_value value)
{
    char *end;
    long number;
    if (value.at == NULL || value.at >= value.end || strchr("-0123456789", *value.at) == NULL) {
        return -1;
    }
    number = strtol(value.at, &end, 10);
    return end == value.at ? -1 : number;
}
