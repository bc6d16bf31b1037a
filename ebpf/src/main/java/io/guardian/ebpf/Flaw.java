package io.guardian.ebpf;

/** What can be wrong with the bytes of a record. */
enum Flaw {
    TOO_SHORT("too short"),
    UNKNOWN_KIND("unknown kind"),
    WRONG_LENGTH("lengths of its parts don't fit"),
    WRONG_FAMILY("unknown address family"),
    WRONG_PROTOCOL("unknown protocol");

    private final String text;

    Flaw(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
