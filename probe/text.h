/* Text of bounded length, and JSON documents made of it. */
#ifndef PROBE_TEXT_H
#define PROBE_TEXT_H

#include <stddef.h>
#include <stdint.h>

size_t text_length(const char *text);
/** Length of the text in a buffer of `room` bytes that may lack its terminator. */
size_t text_bounded(const char *text, size_t room);
int text_equal(const char *one, const char *other);
int text_starts(const char *text, const char *prefix);
/** The first place of `part` in `text`, or NULL. */
const char *text_find(const char *text, const char *part);
/** Copies as much as fits; always terminated. Returns 0 when it was cut. */
int text_copy(char *to, size_t room, const char *from);
int text_append(char *to, size_t room, const char *from);
int text_append_number(char *to, size_t room, int64_t number);

/** A JSON document under construction. Once it is full, further fields are left out and the document stays valid. */
struct json {
    char *text;
    size_t used;
    size_t room;
    int comma;
    int left_out;
};

void json_open(struct json *json, char *room, size_t bytes);
/** Ends the document and adds the newline; returns its length in bytes. */
size_t json_close(struct json *json);

/* A NULL name is for members of an array. */
void json_text(struct json *json, const char *name, const char *value, size_t value_room);
void json_number(struct json *json, const char *name, int64_t value);
/** Thousandths as a decimal number: 3141 becomes 3.141. */
void json_thousandths(struct json *json, const char *name, int64_t value);
void json_boolean(struct json *json, const char *name, int value);
/** Members that are JSON text already, without the braces around them. */
void json_members(struct json *json, const char *members, size_t length);
void json_null(struct json *json, const char *name);
/** 0 when there is no room for it; then it must not be closed either. */
int json_array(struct json *json, const char *name);
int json_object(struct json *json, const char *name);
void json_array_end(struct json *json);
void json_object_end(struct json *json);

#endif
