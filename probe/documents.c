#include "documents.h"

#include "sys.h"

int write_all(int file, const char *text, size_t length) {
    while (length > 0) {
        long written = sys_write(file, text, length);
        if (written == -ERROR_INTR) continue;
        if (written == -ERROR_AGAIN) {
            sys_sleep_ms(1);
            continue;
        }
        if (written <= 0) return 0;
        text += written;
        length -= (size_t)written;
    }
    return 1;
}

void document_open(struct documents *documents, struct json *json, const char *step) {
    json_open(json, documents->room, sizeof documents->room);
    if (documents->nonce) {
        json_text(json, "probe", "cuda-image-check/probe@1", 64);
        json_text(json, "nonce", documents->nonce, 128);
    }
    json_text(json, "step", step, 16);
}

void document_close(struct documents *documents, struct json *json) {
    write_all(documents->file, documents->room, json_close(json));
}
