#include "step.h"

void step_call(void *result, const char *name) { text_copy(result, CALL_ROOM, name); }

static void signal_name(char *to, size_t room, int number) {
    static const struct {
        int number;
        const char *name;
    } NAMES[] = {{2, "SIGINT"},   {4, "SIGILL"},   {5, "SIGTRAP"},  {6, "SIGABRT"}, {7, "SIGBUS"},
                 {8, "SIGFPE"},   {9, "SIGKILL"},  {11, "SIGSEGV"}, {13, "SIGPIPE"}, {14, "SIGALRM"},
                 {15, "SIGTERM"}, {24, "SIGXCPU"}, {31, "SIGSYS"}};
    for (size_t at = 0; at < sizeof NAMES / sizeof NAMES[0]; at++) {
        if (NAMES[at].number == number) {
            text_copy(to, room, NAMES[at].name);
            return;
        }
    }
    text_copy(to, room, "SIG");
    text_append_number(to, room, number);
}

void report_signal(struct json *json, int number) {
    char name[16];
    signal_name(name, sizeof name, number);
    json_text(json, "signal", name, sizeof name);
}

void report_ending(struct json *json, const struct ending *ending, const void *result) {
    if (ending->timed_out) json_boolean(json, "timedOut", 1);
    if (ending->signal) report_signal(json, ending->signal);
    if (ending->exit_status >= 0) {
        char text[80] = "the process left by itself with status ";
        text_append_number(text, sizeof text, ending->exit_status);
        json_text(json, "error", text, sizeof text);
    }
    if (ending->not_started) {
        char room[24];
        char text[80] = "no process for it: ";
        text_append(text, sizeof text, sys_error_name(ending->not_started, room));
        json_text(json, "error", text, sizeof text);
    } else if (ending->timed_out || ending->signal || ending->exit_status >= 0) {
        json_text(json, "call", result, CALL_ROOM);
    }
}

char *environment_value(char **environment, const char *name) {
    size_t length = text_length(name);
    for (; *environment; environment++)
        if (text_starts(*environment, name) && (*environment)[length] == '=') return *environment + length + 1;
    return NULL;
}

void refused_add(struct refused *refused, const char *path) {
    if (refused->count < 0 || refused->count >= REFUSED_PLACES) return;
    for (int at = 0; at < refused->count; at++)
        if (text_equal(refused->path[at], path)) return;
    text_copy(refused->path[refused->count++], sizeof refused->path[0], path);
}

void refused_report(struct json *json, const struct refused *refused) {
    int count = refused->count;
    if (count <= 0 || !json_array(json, "unreadable")) return;
    for (int at = 0; at < count && at < REFUSED_PLACES; at++)
        json_text(json, NULL, refused->path[at], sizeof refused->path[at]);
    json_array_end(json);
}

void cuda_version_text(char *to, size_t room, int number) {
    text_copy(to, room, "");
    text_append_number(to, room, number / 1000);
    text_append(to, room, ".");
    text_append_number(to, room, number % 1000 / 10);
}
