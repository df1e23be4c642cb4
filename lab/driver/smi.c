#include "smi.h"

#include "nvml_errors.h"
#include "sys.h"
#include "text.h"

enum { WRONG_USE = 2, NO_DEVICES = 6, DRIVER_NOT_LOADED = 9, LIBRARY_MISMATCH = 18, OTHER_FAILURE = 255 };

struct options {
    struct selection selection;
    int list, query, xml, version;
    const char *fields;
    const char *format;
};

static const char *config_path(char **environment) {
    static const char NAME[] = "SIMULATED_NVIDIA_CONF=";
    for (; *environment; environment++)
        if (text_starts(*environment, NAME) && (*environment)[sizeof NAME - 1]) return *environment + sizeof NAME - 1;
    return DEFAULT_CONFIG;
}

static int read_options(struct options *options, int argc, char **argv) {
    *options = (struct options){.selection = {.only = -1}};
    for (int at = 1; at < argc; at++) {
        const char *word = argv[at];
        if (text_equal(word, "-L") || text_equal(word, "--list-gpus")) {
            options->list = 1;
        } else if (text_equal(word, "-q") || text_equal(word, "--query")) {
            options->query = 1;
        } else if (text_equal(word, "-x") || text_equal(word, "--xml-format")) {
            options->xml = 1;
        } else if (text_equal(word, "--version")) {
            options->version = 1;
        } else if (text_starts(word, "--query-gpu=")) {
            options->fields = word + text_length("--query-gpu=");
        } else if (text_starts(word, "--format=")) {
            options->format = word + text_length("--format=");
        } else if (text_starts(word, "--id=") || (text_equal(word, "-i") && at + 1 < argc)) {
            const char *digits = text_equal(word, "-i") ? argv[++at] : word + text_length("--id=");
            int number = 0;
            for (; *digits >= '0' && *digits <= '9' && number < 1000; digits++) number = number * 10 + (*digits - '0');
            if (*digits) return 0;
            options->selection.only = number;
        } else {
            return 0;
        }
    }
    return 1;
}

/** What the real tool says and answers when NVML does not start. */
static int say_failure(struct out *out, const struct config *config, int code) {
    if (code == DRIVER_NOT_LOADED) {
        out_text(out, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the "
                      "latest NVIDIA driver is installed and running.\n\n");
        return DRIVER_NOT_LOADED;
    }
    out_text(out, "Failed to initialize NVML: ");
    out_text(out, nvml_error_words(code));
    out_text(out, "\n");
    if (code != LIBRARY_MISMATCH) return OTHER_FAILURE;
    /* The tool names the library's version without the last part. */
    char version[WORD_ROOM];
    text_copy(version, sizeof version, config->driver);
    for (size_t at = 0, dots = 0; version[at]; at++)
        if (version[at] == '.' && ++dots == 2) version[at--] = 0;
    out_text(out, "NVML library version: ");
    out_text(out, version);
    out_text(out, "\n");
    return LIBRARY_MISMATCH;
}

static int has_word(const char *list, const char *word) { return list && text_find(list, word) != NULL; }

static int answer(struct out *out, const struct config *config, const struct options *options) {
    if (options->version) {
        out_text(out, "NVIDIA-SMI version  : ");
        out_text(out, config->driver);
        out_text(out, "\nNVML version        : ");
        out_text(out, config->driver);
        out_text(out, "\nDRIVER version      : ");
        out_text(out, config->driver);
        out_text(out, "\nCUDA Version        : ");
        out_text(out, config->cuda);
        out_text(out, "\n");
        return 0;
    }
    if (config->gpu_count == 0 || options->selection.only >= config->gpu_count) {
        out_text(out, "No devices were found\n");
        return NO_DEVICES;
    }
    if (options->fields) {
        if (!has_word(options->format, "csv")) {
            out_text(out, "\"--format=\" switch is missing. Please run 'nvidia-smi -h' for help.\n\n");
            return 1;
        }
        int header = !has_word(options->format, "noheader"), units = !has_word(options->format, "nounits");
        return smi_query(out, config, options->selection, options->fields, header, units) ? 0 : WRONG_USE;
    }
    if (options->list)
        smi_list(out, config, options->selection);
    else if (options->query && options->xml)
        smi_xml(out, config, options->selection);
    else if (options->query || options->xml)
        return WRONG_USE;
    else
        smi_table(out, config, options->selection);
    return 0;
}

int smi_main(int argc, char **argv, char **environment) {
    static struct config config;
    static struct out out;
    struct options options;
    int status;
    if (!read_options(&options, argc, argv)) {
        out_text(&out, "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n\n");
        status = 1;
    } else if (!config_read(&config, config_path(environment))) {
        out_text(&out, "simulated-nvidia.conf: ");
        out_text(&out, config.problem);
        out_text(&out, "\n");
        status = OTHER_FAILURE;
    } else {
        const struct fault *own = fault_of(&config, "nvidia-smi", -1, 0);
        const struct fault *fault = fault_of(&config, "nvmlInit_v2", -1, 0);
        if (fault && fault->has_code && fault->code != 0)
            status = say_failure(&out, &config, fault->code);
        else if (own && own->has_code)
            status = own->code;
        else
            status = answer(&out, &config, &options);
    }
    out_flush(&out);
    return status;
}
