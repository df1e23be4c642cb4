/* The entry point of a program without any library, and the two functions that the compiler itself calls. */
#include <stddef.h>

#include "smi.h"
#include "sys.h"

void *memcpy(void *to, const void *from, size_t bytes) {
    char *at = to;
    const char *source = from;
    while (bytes-- > 0) *at++ = *source++;
    return to;
}

void *memset(void *at, int value, size_t bytes) {
    char *byte = at;
    while (bytes-- > 0) *byte++ = (char)value;
    return at;
}

/* The kernel leaves argc, argv and the environment on the stack. */
__attribute__((used)) _Noreturn static void begin(long *stack) {
    int argc = (int)stack[0];
    char **argv = (char **)(stack + 1);
    sys_exit(smi_main(argc, argv, argv + argc + 1));
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call begin\n hlt\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n mov x29, #0\n mov x30, #0\n mov x0, sp\n bl begin\n brk #1\n");
#endif
