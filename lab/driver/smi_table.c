#include "smi.h"
#include "text.h"

static void line(struct out *out, const char *text) {
    out_text(out, text);
    out_text(out, "\n");
}

static void gpu_rows(struct out *out, const struct gpu *gpu, int index) {
    char bus[24], number[8] = "", memory[24] = "";
    smi_bus_id(bus, index);
    text_append_number(number, sizeof number, index);
    text_append_number(memory, sizeof memory, gpu->memory_mib);
    text_append(memory, sizeof memory, "MiB");
    out_text(out, "| ");
    out_column(out, number, 3);
    out_text(out, "  ");
    out_column(out, gpu->name, -30);
    out_text(out, " On  | ");
    out_text(out, bus);
    line(out, " Off |                    0 |");
    out_text(out, "| N/A   30C    P0              50W / 300W |      0MiB / ");
    out_column(out, memory, 8);
    out_text(out, " |      0%      Default |\n");
    out_text(out, "|                                         |                      |             ");
    out_column(out, gpu->mig ? "Enabled" : "Disabled", 8);
    line(out, " |");
    line(out, "+-----------------------------------------+----------------------+----------------------+");
}

void smi_table(struct out *out, const struct config *config, struct selection selection) {
    char time[32];
    smi_timestamp(time);
    line(out, time);
    line(out, "+---------------------------------------------------------------------------------------+");
    out_text(out, "| NVIDIA-SMI ");
    out_column(out, config->driver, -22);
    out_text(out, " Driver Version: ");
    out_column(out, config->driver, -12);
    out_text(out, " CUDA Version: ");
    out_column(out, config->cuda, -8);
    line(out, " |");
    line(out, "|-----------------------------------------+----------------------+----------------------+");
    line(out, "| GPU  Name                 Persistence-M | Bus-Id        Disp.A | Volatile Uncorr. ECC |");
    line(out, "| Fan  Temp   Perf          Pwr:Usage/Cap |         Memory-Usage | GPU-Util  Compute M. |");
    line(out, "|                                         |                      |               MIG M. |");
    line(out, "|=========================================+======================+======================|");
    for (int at = 0; at < config->gpu_count; at++)
        if (selection.only < 0 || selection.only == at) gpu_rows(out, &config->gpu[at], at);
    line(out, "");
    line(out, "+---------------------------------------------------------------------------------------+");
    line(out, "| Processes:                                                                            |");
    line(out, "|  GPU   GI   CI        PID   Type   Process name                            GPU Memory |");
    line(out, "|        ID   ID                                                             Usage      |");
    line(out, "|=======================================================================================|");
    line(out, "|  No running processes found                                                           |");
    line(out, "+---------------------------------------------------------------------------------------+");
}

void smi_list(struct out *out, const struct config *config, struct selection selection) {
    for (int at = 0; at < config->gpu_count; at++) {
        if (selection.only >= 0 && selection.only != at) continue;
        out_text(out, "GPU ");
        out_number(out, at);
        out_text(out, ": ");
        out_text(out, config->gpu[at].name);
        out_text(out, " (UUID: ");
        out_text(out, config->gpu[at].uuid);
        line(out, ")");
    }
}
