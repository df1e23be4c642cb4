#ifndef LAB_HOOK_CONTAINER_H
#define LAB_HOOK_CONTAINER_H

/* What the engine says about the container that is about to start. */
typedef struct {
    char *bundle;
    /* The container's root folder, opened in its own mount namespace. */
    int root;
    char **env;
    long pid;
} container;

/* Ends the hook with exit status 1 and the words of nvidia-container-cli. */
__attribute__((noreturn, format(printf, 1, 2))) void refuse(const char *format, ...);

/* `left/right`, to be freed; refuses when memory is out. */
char *join(const char *left, const char *right);

/* Reads the OCI state on standard input and the bundle that it names; refuses when one of them cannot be read. */
container read_container(void);

/* The value of an environment variable of the container, or NULL; the last one wins. */
const char *variable(const container *box, const char *name);

/* As Go's ParseBool: 1, t, T, true, TRUE, True. */
int is_true(const char *value);

#endif
