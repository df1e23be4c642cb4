/*
 * The entry point. It hands over to __libc_start_main as every program does, because a real driver library relies on
 * what that function sets up (the stack's end for threads, exit handlers, thread exit from main); a plain
 * `exit(main())` worked with the simulated libraries, but leaves those undone.
 * Its oldest version takes init and fini functions, of which this program has none: NULL is accepted by every glibc.
 */
#include "sys.h"

int main(int argc, char **argv, char **environment);

#if defined(__x86_64__)
__asm__(".text\n"
        ".globl _start\n"
        ".type _start, @function\n"
        "_start:\n"
        "    xor %ebp, %ebp\n"
        "    mov %rdx, %r9\n"            /* rtld_fini */
        "    pop %rsi\n"                 /* argc */
        "    mov %rsp, %rdx\n"           /* argv */
        "    and $-16, %rsp\n"
        "    push %rax\n"                /* keeps the stack aligned at the call */
        "    push %rsp\n"                /* stack_end */
        "    xor %r8d, %r8d\n"           /* fini */
        "    xor %ecx, %ecx\n"           /* init */
        "    lea main(%rip), %rdi\n"
        "    call *__libc_start_main@GOTPCREL(%rip)\n"
        "    hlt\n"
        ".size _start, . - _start\n");
#elif defined(__aarch64__)
__asm__(".text\n"
        ".globl _start\n"
        ".type _start, %function\n"
        "_start:\n"
        "    mov x29, #0\n"
        "    mov x30, #0\n"
        "    mov x5, x0\n"               /* rtld_fini */
        "    ldr x1, [sp]\n"             /* argc */
        "    add x2, sp, #8\n"           /* argv */
        "    mov x6, sp\n"               /* stack_end */
        "    adrp x0, main\n"
        "    add x0, x0, :lo12:main\n"
        "    mov x3, #0\n"               /* init */
        "    mov x4, #0\n"               /* fini */
        "    bl __libc_start_main\n"
        "    brk #1\n"
        ".size _start, . - _start\n");
#endif
