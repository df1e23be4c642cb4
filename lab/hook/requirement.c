#define _GNU_SOURCE
#include "requirement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum outcome { UNMET, MET, INVALID };

static int only_digits_and_dots(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789.")] == '\0';
}

/* Negative, 0 or positive. A rest of zeros and dots on one side counts as equal, any other rest makes that side greater. */
static int compare_versions(const char *left, const char *right)
{
    while (*left != '\0' && *right != '\0') {
        char *left_end;
        char *right_end;
        unsigned long a = strtoul(left, &left_end, 10);
        unsigned long b = strtoul(right, &right_end, 10);
        if (a != b) {
            return a < b ? -1 : 1;
        }
        left = left_end + (*left_end == '.');
        right = right_end + (*right_end == '.');
    }
    if (left[strspn(left, "0.")] != '\0') {
        return 1;
    }
    return right[strspn(right, "0.")] != '\0' ? -1 : 0;
}

static enum outcome apply(const char *operator, int order)
{
    int met = strcmp(operator, "=") == 0    ? order == 0
              : strcmp(operator, "!=") == 0 ? order != 0
              : strcmp(operator, "<") == 0  ? order < 0
              : strcmp(operator, "<=") == 0 ? order <= 0
              : strcmp(operator, ">") == 0  ? order > 0
                                            : order >= 0;
    return met ? MET : UNMET;
}

static enum outcome evaluate_factor(const char *factor, const requirement_facts *facts)
{
    size_t key_length = strcspn(factor, "=!<>");
    size_t operator_length = strspn(factor + key_length, "=!<>");
    const char *wanted = factor + key_length + operator_length;
    const char *have;
    char operator[3] = "";
    if (key_length == 0 || operator_length == 0 || operator_length > 2) {
        return INVALID;
    }
    memcpy(operator, factor + key_length, operator_length);
    if (strcmp(operator, "==") == 0 || strcmp(operator, "!") == 0 || strchr("=!<>", operator[0]) == NULL ||
        (operator_length == 2 && operator[1] != '=')) {
        return INVALID;
    }
    if (key_length == 5 && strncasecmp(factor, "brand", 5) == 0) {
        if (operator[0] != '=' && operator[0] != '!') {
            return INVALID;
        }
        return facts->brand[0] == '\0' ? MET : apply(operator, strcasecmp(facts->brand, wanted));
    }
    if (key_length == 4 && strncasecmp(factor, "cuda", 4) == 0) {
        have = facts->cuda;
    } else if (key_length == 6 && strncasecmp(factor, "driver", 6) == 0) {
        have = facts->driver;
    } else if (key_length == 4 && strncasecmp(factor, "arch", 4) == 0) {
        have = facts->arch;
    } else {
        return INVALID;
    }
    if (!only_digits_and_dots(wanted)) {
        return INVALID;
    }
    return have[0] == '\0' ? MET : apply(operator, compare_versions(have, wanted));
}

static enum outcome evaluate_term(char *term, const requirement_facts *facts)
{
    char *rest = NULL;
    for (char *factor = strtok_r(term, ",", &rest); factor != NULL; factor = strtok_r(NULL, ",", &rest)) {
        enum outcome outcome = evaluate_factor(factor, facts);
        if (outcome != MET) {
            return outcome;
        }
    }
    return MET;
}

int requirement_met(const char *value, const requirement_facts *facts, char *message, size_t size)
{
    char *terms = strdup(value);
    char *rest = NULL;
    char *first = NULL;
    int met = 0;
    int seen = 0;
    message[0] = '\0';
    if (terms == NULL) {
        snprintf(message, size, "requirement error: out of memory");
        return 0;
    }
    for (char *term = strtok_r(terms, " ", &rest); term != NULL && !met; term = strtok_r(NULL, " ", &rest)) {
        enum outcome outcome;
        if (!seen) {
            first = strdup(term);
        }
        seen = 1;
        outcome = evaluate_term(term, facts);
        if (outcome == INVALID) {
            snprintf(message, size, "requirement error: invalid expression");
            break;
        }
        met = outcome == MET;
    }
    if (!met && seen && message[0] == '\0') {
        const char *advice = first != NULL && strncmp(first, "cuda>=", 6) == 0
                                 ? ", please update your driver to a newer version, or use an earlier cuda container"
                                 : "";
        snprintf(message, size, "requirement error: unsatisfied condition: %s%s", first == NULL ? "" : first, advice);
    }
    free(first);
    free(terms);
    return met || !seen;
}
