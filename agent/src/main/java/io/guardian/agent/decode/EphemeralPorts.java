package io.guardian.agent.decode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ports that the kernel gives to sockets that ask for none (ip(7), ip_local_port_range); bounds included. */
record EphemeralPorts(int first, int last) {
    private static final EphemeralPorts USUAL = new EphemeralPorts(32_768, 60_999);

    static EphemeralPorts read() {
        try {
            var words = Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))
                    .strip()
                    .split("\\s+", 2);
            return new EphemeralPorts(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException unreadable) {
            return USUAL;
        }
    }

    boolean contains(int port) {
        return port >= first && port <= last;
    }
}
