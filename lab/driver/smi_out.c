#include "smi.h"
#include "sys.h"
#include "text.h"

void out_text(struct out *out, const char *text) {
    while (*text && out->used < sizeof out->text) out->text[out->used++] = *text++;
}

void out_number(struct out *out, int64_t number) {
    char digits[24] = "";
    text_append_number(digits, sizeof digits, number);
    out_text(out, digits);
}

void out_column(struct out *out, const char *text, int width) {
    int left = width < 0;
    size_t room = (size_t)(left ? -width : width), length = text_length(text);
    char cut[128];
    if (length > room && room > 3 && room < sizeof cut) {
        text_copy(cut, room - 3 + 1, text);
        text_append(cut, sizeof cut, "...");
        text = cut;
        length = room;
    }
    if (left) out_text(out, text);
    for (; length < room; length++) out_text(out, " ");
    if (!left) out_text(out, text);
}

void out_flush(struct out *out) {
    size_t at = 0;
    while (at < out->used) {
        long written = sys_write(1, out->text + at, out->used - at);
        if (written <= 0) return;
        at += (size_t)written;
    }
    out->used = 0;
}

void smi_bus_id(char to[24], int index) {
    static const char hex[] = "0123456789ABCDEF";
    const char digits[3] = {hex[(index + 1) >> 4 & 15], hex[(index + 1) & 15], 0};
    text_copy(to, 24, "00000000:");
    text_append(to, 24, digits);
    text_append(to, 24, ":00.0");
}

static void two_digits(char *to, size_t room, int64_t number) {
    text_append(to, room, number < 10 ? "0" : "");
    text_append_number(to, room, number);
}

void smi_timestamp(char to[32]) {
    static const char *const DAYS[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t seconds = sys_time(), days = seconds / 86400, rest = seconds % 86400;
    /* Days since 1 March of the year 0 give the date without a table of leap years. */
    int64_t shifted = days + 719468, era = shifted / 146097, day_of_era = shifted % 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153, day = day_of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    text_copy(to, 32, DAYS[days % 7]);
    text_append(to, 32, " ");
    text_append(to, 32, MONTHS[month - 1]);
    text_append(to, 32, day < 10 ? "  " : " ");
    text_append_number(to, 32, day);
    text_append(to, 32, " ");
    two_digits(to, 32, rest / 3600);
    text_append(to, 32, ":");
    two_digits(to, 32, rest / 60 % 60);
    text_append(to, 32, ":");
    two_digits(to, 32, rest % 60);
    text_append(to, 32, " ");
    text_append_number(to, 32, year_of_era + era * 400 + (month <= 2));
}
