package io.guardian.cli.api;

import io.guardian.cli.shell.Failure;
import io.guardian.cli.shell.World;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.util.Arrays;
import java.util.Locale;

/** {@code HTTPS_PROXY} and {@code NO_PROXY}, in either letter case. Loopback is never sent through a proxy. */
final class Proxies {
    private static final int USUAL_PORT = 3128;

    private final String proxy;
    private final String except;

    Proxies(World world) {
        this.proxy = world.variable("HTTPS_PROXY")
                .or(() -> world.variable("https_proxy"))
                .orElse("");
        this.except =
                world.variable("NO_PROXY").or(() -> world.variable("no_proxy")).orElse("");
    }

    Proxy proxyFor(URL url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        if (proxy.isEmpty() || !url.getProtocol().equals("https") || isExcepted(host)) {
            return Proxy.NO_PROXY;
        }
        try {
            var address = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
            int port = address.getPort() < 0 ? USUAL_PORT : address.getPort();
            return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(String.valueOf(address.getHost()), port));
        } catch (IllegalArgumentException _) {
            throw Failure.because("invalid proxy address in HTTPS_PROXY");
        }
    }

    private boolean isExcepted(String host) {
        if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")) {
            return true;
        }
        return Arrays.stream(except.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .map(name -> name.startsWith("*.") ? name.substring(1) : name)
                .filter(name -> !name.isEmpty())
                .anyMatch(name -> name.equals("*")
                        || host.equals(name)
                        || host.endsWith(name.startsWith(".") ? name : "." + name));
    }
}
