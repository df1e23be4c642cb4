#define _GNU_SOURCE
#include "description.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *read_file(const char *path, size_t *length)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    size_t have = 0;
    size_t room = 4096;
    char *text = malloc(room + 1);
    while (file >= 0 && text != NULL) {
        ssize_t got = read(file, text + have, room - have);
        if (got < 0) {
            free(text);
            text = NULL;
            break;
        }
        if (got == 0) {
            break;
        }
        have += (size_t)got;
        if (have == room) {
            char *more = realloc(text, room * 2 + 1);
            if (more == NULL) {
                free(text);
                text = NULL;
                break;
            }
            text = more;
            room *= 2;
        }
    }
    if (file < 0) {
        free(text);
        return NULL;
    }
    close(file);
    if (text != NULL) {
        text[have] = '\0';
        if (length != NULL) {
            *length = have;
        }
    }
    return text;
}

static void append_line(char **text, const char *line)
{
    char *more = NULL;
    if (asprintf(&more, "%s%s\n", *text == NULL ? "" : *text, line) < 0) {
        return;
    }
    free(*text);
    *text = more;
}

int read_description(const char *path, host_description *host)
{
    char *text = read_file(path, NULL);
    char *rest = NULL;
    memset(host, 0, sizeof *host);
    host->failure_status = 1;
    if (text == NULL) {
        return 0;
    }
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        host_gpu gpu = {"", "", ""};
        if (sscanf(line, "driver %63s", host->driver) == 1 || sscanf(line, "cuda %15s", host->cuda) == 1 ||
            sscanf(line, "failure-status %d", &host->failure_status) == 1) {
            continue;
        }
        if (strncmp(line, "without ", 8) == 0 && host->lacking_count < MAX_LACKING) {
            snprintf(host->lacking[host->lacking_count++], sizeof host->lacking[0], "%s", line + 8);
        } else if (strncmp(line, "failure ", 8) == 0) {
            append_line(&host->failure, line + 8);
        } else if (sscanf(line, "gpu %63s %15s %31s", gpu.uuid, gpu.arch, gpu.brand) >= 2 && host->gpu_count < MAX_GPUS) {
            host->gpus[host->gpu_count++] = gpu;
        }
    }
    free(text);
    return 1;
}

int host_lacks(const host_description *host, const char *device)
{
    for (int index = 0; index < host->lacking_count; index++) {
        if (strcmp(host->lacking[index], device) == 0) {
            return 1;
        }
    }
    return 0;
}

int select_gpus(const host_description *host, const char *devices, int visible[MAX_GPUS], char *unknown, size_t size)
{
    char *names = strdup(devices);
    char *rest = NULL;
    int next = 0;
    int wanted[MAX_GPUS] = {0};
    int ok = names != NULL;
    for (char *name = ok ? strtok_r(names, ",", &rest) : NULL; name != NULL; name = strtok_r(NULL, ",", &rest)) {
        int found = strcmp(name, "none") == 0;
        for (int index = 0; index < host->gpu_count; index++) {
            char number[16];
            snprintf(number, sizeof number, "%d", index);
            if (strcmp(name, "all") == 0 || strcmp(name, number) == 0 || strcmp(name, host->gpus[index].uuid) == 0) {
                wanted[index] = 1;
                found = 1;
            }
        }
        if (!found && strcmp(name, "all") != 0) {
            snprintf(unknown, size, "%s", name);
            ok = 0;
        }
    }
    for (int index = 0; index < MAX_GPUS; index++) {
        visible[index] = wanted[index] ? next++ : -1;
    }
    free(names);
    return ok;
}

/* A section's text, with `gpu = N` replaced by the number in the container; drops a fault of a GPU that is not visible. */
static void flush_section(FILE *out, const char *section, int drop, int fault_gpu, const int visible[MAX_GPUS])
{
    if (drop || (fault_gpu >= 0 && (fault_gpu >= MAX_GPUS || visible[fault_gpu] < 0))) {
        return;
    }
    fputs(section, out);
    if (fault_gpu >= 0) {
        fprintf(out, "gpu = %d\n", visible[fault_gpu]);
    }
}

char *visible_driver(const char *text, const int visible[MAX_GPUS])
{
    char *copy = strdup(text);
    char *result = NULL;
    char *section = NULL;
    size_t length = 0;
    int gpu = 0;
    int drop = 0;
    int in_fault = 0;
    int fault_gpu = -1;
    char *rest = NULL;
    FILE *out = open_memstream(&result, &length);
    if (copy == NULL || out == NULL) {
        free(copy);
        return NULL;
    }
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        int number;
        if (line[0] == '[') {
            flush_section(out, section == NULL ? "" : section, drop, fault_gpu, visible);
            free(section);
            section = NULL;
            fault_gpu = -1;
            in_fault = strcmp(line, "[fault]") == 0;
            drop = strcmp(line, "[gpu]") == 0 && (gpu >= MAX_GPUS || visible[gpu] < 0);
            gpu += strcmp(line, "[gpu]") == 0;
        }
        if (in_fault && sscanf(line, " gpu = %d", &number) == 1) {
            fault_gpu = number;
        } else {
            append_line(&section, line);
        }
    }
    flush_section(out, section == NULL ? "" : section, drop, fault_gpu, visible);
    free(section);
    free(copy);
    fclose(out);
    return result;
}
