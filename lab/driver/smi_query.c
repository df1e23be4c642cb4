#include "smi.h"
#include "text.h"

enum field {
    FIELD_INDEX, FIELD_NAME, FIELD_UUID, FIELD_DRIVER, FIELD_COUNT, FIELD_CAPABILITY, FIELD_MEMORY_TOTAL,
    FIELD_MEMORY_USED, FIELD_MEMORY_FREE, FIELD_MIG, FIELD_BUS, FIELD_COMPUTE_MODE, FIELD_PERSISTENCE, FIELD_TIMESTAMP
};

static const struct {
    const char *word;
    enum field field;
    const char *header;
} FIELDS[] = {{"index", FIELD_INDEX, "index"},
              {"name", FIELD_NAME, "name"},
              {"gpu_name", FIELD_NAME, "name"},
              {"uuid", FIELD_UUID, "uuid"},
              {"gpu_uuid", FIELD_UUID, "uuid"},
              {"driver_version", FIELD_DRIVER, "driver_version"},
              {"count", FIELD_COUNT, "count"},
              {"compute_cap", FIELD_CAPABILITY, "compute_cap"},
              {"memory.total", FIELD_MEMORY_TOTAL, "memory.total [MiB]"},
              {"memory.used", FIELD_MEMORY_USED, "memory.used [MiB]"},
              {"memory.free", FIELD_MEMORY_FREE, "memory.free [MiB]"},
              {"mig.mode.current", FIELD_MIG, "mig.mode.current"},
              {"pci.bus_id", FIELD_BUS, "pci.bus_id"},
              {"gpu_bus_id", FIELD_BUS, "pci.bus_id"},
              {"compute_mode", FIELD_COMPUTE_MODE, "compute_mode"},
              {"persistence_mode", FIELD_PERSISTENCE, "persistence_mode"},
              {"timestamp", FIELD_TIMESTAMP, "timestamp"}};

enum { MOST_FIELDS = 32, COUNT = sizeof FIELDS / sizeof FIELDS[0] };

static void memory(struct out *out, int64_t mib, int units) {
    out_number(out, mib);
    if (units) out_text(out, " MiB");
}

static void value(struct out *out, const struct config *config, int index, enum field field, int units) {
    const struct gpu *gpu = &config->gpu[index];
    char text[32];
    switch (field) {
    case FIELD_INDEX: out_number(out, index); break;
    case FIELD_NAME: out_text(out, gpu->name); break;
    case FIELD_UUID: out_text(out, gpu->uuid); break;
    case FIELD_DRIVER: out_text(out, config->driver); break;
    case FIELD_COUNT: out_number(out, config->gpu_count); break;
    case FIELD_CAPABILITY:
        out_number(out, gpu->major);
        out_text(out, ".");
        out_number(out, gpu->minor);
        break;
    case FIELD_MEMORY_TOTAL:
    case FIELD_MEMORY_FREE: memory(out, gpu->memory_mib, units); break;
    case FIELD_MEMORY_USED: memory(out, 0, units); break;
    case FIELD_MIG: out_text(out, gpu->mig ? "Enabled" : "Disabled"); break;
    case FIELD_BUS:
        smi_bus_id(text, index);
        out_text(out, text);
        break;
    case FIELD_COMPUTE_MODE: out_text(out, "Default"); break;
    case FIELD_PERSISTENCE: out_text(out, "Enabled"); break;
    case FIELD_TIMESTAMP:
        smi_timestamp(text);
        out_text(out, text);
        break;
    }
}

/** Reads the list; -1 when it holds a field that is not known, which it then says. */
static int read_fields(struct out *out, const char *list, int chosen[MOST_FIELDS]) {
    int count = 0;
    while (*list && count < MOST_FIELDS) {
        char word[WORD_ROOM];
        size_t length = 0;
        while (*list == ' ') list++;
        while (*list && *list != ',' && length + 1 < sizeof word) word[length++] = *list++;
        word[length] = 0;
        if (*list == ',') list++;
        int known = 0;
        while (known < COUNT && !text_equal(FIELDS[known].word, word)) known++;
        if (known == COUNT) {
            out_text(out, "Field \"");
            out_text(out, word);
            out_text(out, "\" is not a valid field to query.\n\n");
            return -1;
        }
        chosen[count++] = known;
    }
    return count;
}

int smi_query(struct out *out, const struct config *config, struct selection selection, const char *fields,
              int header, int units) {
    int chosen[MOST_FIELDS];
    int count = read_fields(out, fields, chosen);
    if (count < 0) return 0;
    for (int at = 0; header && at < count; at++) {
        if (at > 0) out_text(out, ", ");
        out_text(out, FIELDS[chosen[at]].header);
    }
    if (header) out_text(out, "\n");
    for (int gpu = 0; gpu < config->gpu_count; gpu++) {
        if (selection.only >= 0 && selection.only != gpu) continue;
        for (int at = 0; at < count; at++) {
            if (at > 0) out_text(out, ", ");
            value(out, config, gpu, FIELDS[chosen[at]].field, units);
        }
        out_text(out, "\n");
    }
    return 1;
}
