#include "smi.h"
#include "text.h"

static void escaped(struct out *out, const char *text) {
    for (; *text; text++) {
        const char one[2] = {*text, 0};
        out_text(out, *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : one);
    }
}

static void element(struct out *out, int depth, const char *name, const char *value) {
    while (depth-- > 0) out_text(out, "\t");
    out_text(out, "<");
    out_text(out, name);
    out_text(out, ">");
    escaped(out, value);
    out_text(out, "</");
    out_text(out, name);
    out_text(out, ">\n");
}

static void memory(struct out *out, const char *name, int64_t mib) {
    char text[32] = "";
    text_append_number(text, sizeof text, mib);
    text_append(text, sizeof text, " MiB");
    element(out, 3, name, text);
}

static const char *architecture(const struct gpu *gpu) {
    switch (gpu->major) {
    case 5: return "Maxwell";
    case 6: return "Pascal";
    case 7: return gpu->minor == 5 ? "Turing" : "Volta";
    case 8: return gpu->minor == 9 ? "Ada Lovelace" : "Ampere";
    case 9: return "Hopper";
    case 10: case 11: case 12: return "Blackwell";
    default: return "Unknown";
    }
}

static void gpu_element(struct out *out, const struct gpu *gpu, int index) {
    char bus[24], minor[8] = "";
    const char *mig = gpu->mig ? "Enabled" : "Disabled";
    smi_bus_id(bus, index);
    text_append_number(minor, sizeof minor, index);
    out_text(out, "\t<gpu id=\"");
    out_text(out, bus);
    out_text(out, "\">\n");
    element(out, 2, "product_name", gpu->name);
    element(out, 2, "product_brand", "NVIDIA");
    element(out, 2, "product_architecture", architecture(gpu));
    element(out, 2, "display_mode", "Disabled");
    element(out, 2, "display_active", "Disabled");
    element(out, 2, "persistence_mode", "Enabled");
    element(out, 2, "addressing_mode", "None");
    out_text(out, "\t\t<mig_mode>\n");
    element(out, 3, "current_mig", mig);
    element(out, 3, "pending_mig", mig);
    out_text(out, "\t\t</mig_mode>\n\t\t<mig_devices>\n\t\t\tNone\n\t\t</mig_devices>\n");
    element(out, 2, "accounting_mode", "Disabled");
    element(out, 2, "serial", "N/A");
    element(out, 2, "uuid", gpu->uuid);
    element(out, 2, "minor_number", minor);
    out_text(out, "\t\t<pci>\n");
    element(out, 3, "pci_bus_id", bus);
    out_text(out, "\t\t</pci>\n");
    element(out, 2, "performance_state", "P0");
    out_text(out, "\t\t<fb_memory_usage>\n");
    memory(out, "total", gpu->memory_mib);
    memory(out, "reserved", 0);
    memory(out, "used", 0);
    memory(out, "free", gpu->memory_mib);
    out_text(out, "\t\t</fb_memory_usage>\n");
    element(out, 2, "compute_mode", "Default");
    out_text(out, "\t\t<processes>\n\t\t</processes>\n\t</gpu>\n");
}

void smi_xml(struct out *out, const struct config *config, struct selection selection) {
    char time[32], count[8] = "";
    smi_timestamp(time);
    text_append_number(count, sizeof count, selection.only < 0 ? config->gpu_count : 1);
    out_text(out, "<?xml version=\"1.0\" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM \"nvsmi_device_v12.dtd\">\n<nvidia_smi_log>\n");
    element(out, 1, "timestamp", time);
    element(out, 1, "driver_version", config->driver);
    element(out, 1, "cuda_version", config->cuda);
    element(out, 1, "attached_gpus", count);
    for (int at = 0; at < config->gpu_count; at++)
        if (selection.only < 0 || selection.only == at) gpu_element(out, &config->gpu[at], at);
    out_text(out, "</nvidia_smi_log>\n");
}
