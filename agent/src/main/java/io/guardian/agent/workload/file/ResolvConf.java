package io.guardian.agent.workload.file;

import io.guardian.agent.workload.Resolvers;
import io.guardian.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the servers of {@code /etc/resolv.conf} (resolv.conf(5)). The C library asks at most three of them; other
 * resolvers ask more, so up to sixteen count.
 */
public final class ResolvConf {

    private static final int SERVERS_MAX = 16;
    private static final int LINES_MAX = 1_000;
    private static final String KEYWORD = "nameserver";

    private ResolvConf() {}

    /** @param text the file's content */
    public static Resolvers parse(String text) {
        List<IpAddress> servers = new ArrayList<>();
        List<String> lines = text.lines().limit(LINES_MAX).toList();
        for (String line : lines) {
            if (servers.size() == SERVERS_MAX) {
                break;
            }
            // The keyword must start the line (resolv.conf(5)); what stands behind the address is a comment.
            String[] words = line.split("[ \t\r]+", 3);
            if (words.length >= 2 && words[0].equals(KEYWORD)) {
                IpAddress.parse(withoutZone(words[1]))
                        .filter(server -> !servers.contains(server))
                        .ifPresent(servers::add);
            }
        }
        return new Resolvers(servers);
    }

    /** A link-local server is written with its interface, {@code fe80::1%eth0}. */
    private static String withoutZone(String text) {
        int percent = text.indexOf('%');
        return percent < 0 ? text : text.substring(0, percent);
    }
}
