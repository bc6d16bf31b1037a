/* An implant as a library that LD_PRELOAD names, and, linked as a program without a C library (-DALONE), as what stands where the
 * loader of programs should. -DADDRESS=… (as a number) and -DTAG=… say what it does; the tag is of the program that it starts.
 */
#include "implant.h"

static const struct plan plan = {.address = ADDRESS, .path = "/usr/bin/other", .tag = TAG};

#ifdef ALONE
void _start(void) {
    implant(&plan);
    call(__NR_exit_group, 0, 0, 0, 0);
}
#else
__attribute__((constructor)) static void loaded(void) {
    implant(&plan);
}
#endif
