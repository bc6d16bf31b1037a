package io.guardian.ebpf;

/** The maps of the object that outlive the process; all of them are pinned under their name. */
enum KernelMap {
    RING("ring"),
    RING_SHARES("ring_shares"),
    CONFIG("config"),
    READER("reader"),
    SEQUENCES("sequences"),
    LOSSES("losses"),
    ONLY_CGROUPS("only_cgroups"),
    EXCLUDES("excludes"),
    USERS("users"),
    EXITS("exits"),
    OWNERS("owners"),
    LISTENERS("listeners"),
    PEERS("peers"),
    OTHERS("others"),
    DNS_BUDGETS("dns_budgets");

    private final String symbol;

    KernelMap(String symbol) {
        this.symbol = symbol;
    }

    /** Without it there is no sensor; the others are needed by some programs only. */
    boolean isEssential() {
        return switch (this) {
            case RING, RING_SHARES, CONFIG, READER, SEQUENCES, LOSSES, ONLY_CGROUPS, EXCLUDES -> true;
            case USERS, EXITS, OWNERS, LISTENERS, PEERS, OTHERS, DNS_BUDGETS -> false;
        };
    }

    String symbol() {
        return symbol;
    }
}
