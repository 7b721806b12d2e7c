/* Asks the shared library what its standard input lists, one question a line:
 * the name of a call, a tab, and the path of a file with its text. Each answer is printed
 * on a line of its own. With the argument `refusals` it makes the calls that must be
 * refused instead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nengli.h"

/* Prints an answer and gives it back. */
static int show(uint8_t *answer) {
    if (answer == NULL) {
        fputs("no memory for an answer\n", stderr);
        return 1;
    }
    uint32_t length = (uint32_t)answer[0] | (uint32_t)answer[1] << 8 |
                      (uint32_t)answer[2] << 16 | (uint32_t)answer[3] << 24;
    fwrite(answer + 4, 1, length, stdout);
    putchar('\n');
    nengli_release(answer);
    return 0;
}

/* Makes a call about `length` bytes of text. */
static int ask(const char *call, const uint8_t *text, size_t length) {
    return show(nengli_call((const uint8_t *)call, strlen(call), text, length));
}

/* Makes a call about the text of a file. */
static int ask_about(const char *call, const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    uint8_t *text = malloc(NENGLI_MAX_TEXT);
    size_t length = text == NULL ? 0 : fread(text, 1, NENGLI_MAX_TEXT, file);
    int failed = text == NULL || ferror(file) || ask(call, text, length);
    fclose(file);
    free(text);
    return failed;
}

/* Calls that must be refused, each answered all the same. */
static int refusals(void) {
    const uint8_t *text = (const uint8_t *)"{}";
    const uint8_t not_utf8[] = {'"', 0xff, 0xfe, '"'};
    int failed = 0;
    failed |= show(nengli_call(NULL, 0, text, 2));
    failed |= show(nengli_call(NULL, 6, text, 2));
    failed |= ask("assess", NULL, 0);
    failed |= ask("assess", NULL, 2);
    failed |= show(nengli_call(not_utf8, sizeof not_utf8, text, 2));
    failed |= ask("assess", not_utf8, sizeof not_utf8);
    failed |= ask("assess", text, NENGLI_MAX_TEXT + 1);
    failed |= ask("assess", text, SIZE_MAX);
    failed |= show(nengli_call(text, SIZE_MAX / 2, text, 2));
    failed |= ask("divine", text, 2);
    failed |= ask("assess", text, 0);

    /* What there is nothing of, is given back as nothing. */
    failed |= nengli_alloc(0) != NULL;
    failed |= nengli_alloc(NENGLI_MAX_TEXT + 1) != NULL;
    failed |= nengli_alloc(SIZE_MAX) != NULL;
    nengli_free(NULL, 7);
    nengli_release(NULL);

    /* Memory of the library does as well as one's own. */
    uint8_t *lent = nengli_alloc(NENGLI_MAX_TEXT);
    if (lent == NULL) {
        return 1;
    }
    memset(lent, ' ', NENGLI_MAX_TEXT);
    failed |= ask("assess", lent, NENGLI_MAX_TEXT);
    nengli_free(lent, NENGLI_MAX_TEXT);
    return failed;
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "refusals") == 0) {
        return refusals();
    }
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (tab == NULL) {
            fputs("expected a call, a tab and a path\n", stderr);
            return 2;
        }
        *tab = '\0';
        if (ask_about(line, tab + 1)) {
            return 1;
        }
    }
    return 0;
}
