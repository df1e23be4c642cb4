#ifndef LAB_HOOK_JSON_H
#define LAB_HOOK_JSON_H

#include <stddef.h>

/* A cursor over JSON text. Only what an OCI state and an OCI bundle need: find a member, walk an array, read a string or a number. */
typedef struct {
    const char *at;
    const char *end;
} json_value;

json_value json_document(const char *text, size_t length);

/* The member `key` of an object; `at` is NULL when there is none or when the value is no object. */
json_value json_member(json_value object, const char *key);

/* Sets `item` to the next element of an array and returns 1, or 0 at its end. Start with `*position` NULL. */
int json_next(json_value array, const char **position, json_value *item);

/* The decoded text of a string, to be freed; NULL when the value is no string. */
char *json_string(json_value value);

/* A whole number; -1 when the value is none. */
long json_number(json_value value);

#endif
