package io.guardian.backend.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoint of a path. A trailing slash makes no difference, fixed segments win over parameters, and a segment
 * may be percent-encoded or not.
 */
final class Router {
    private final Node root = new Node();

    Router(List<Endpoint> endpoints) {
        endpoints.forEach(this::add);
    }

    /** @param params decoded values of the path's parameters */
    record Found(Endpoint endpoint, Map<String, String> params) {}

    Optional<Found> find(Verb verb, String rawPath) {
        var segments = segments(rawPath);
        var values = new ArrayList<String>();
        return Optional.ofNullable(find(root, verb, segments, 0, values)).map(endpoint -> {
            var params = new LinkedHashMap<String, String>();
            var names = segments(endpoint.path()).stream()
                    .filter(Router::isParameter)
                    .toList();
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                params.put(name.substring(1, name.length() - 1), values.get(i));
            }
            return new Found(endpoint, params);
        });
    }

    private static final class Node {
        private final Map<String, Node> fixed = new HashMap<>();
        private @Nullable Node parameter;
        private final Map<Verb, Endpoint> endpoints = new HashMap<>();
    }

    private void add(Endpoint endpoint) {
        var node = root;
        for (String segment : segments(endpoint.path())) {
            if (isParameter(segment)) {
                var parameter = node.parameter == null ? new Node() : node.parameter;
                node.parameter = parameter;
                node = parameter;
            } else {
                node = node.fixed.computeIfAbsent(segment, _ -> new Node());
            }
        }
        if (node.endpoints.put(endpoint.verb(), endpoint) != null) {
            throw new IllegalArgumentException("two endpoints for " + endpoint.verb() + " " + endpoint.path());
        }
    }

    private static @Nullable Endpoint find(Node node, Verb verb, List<String> segments, int at, List<String> values) {
        if (at == segments.size()) {
            return node.endpoints.get(verb);
        }
        var fixed = node.fixed.get(segments.get(at));
        if (fixed != null) {
            var found = find(fixed, verb, segments, at + 1, values);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter == null) {
            return null;
        }
        values.add(segments.get(at));
        var found = find(node.parameter, verb, segments, at + 1, values);
        if (found == null) {
            values.removeLast();
        }
        return found;
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    private static List<String> segments(String rawPath) {
        var segments = new ArrayList<String>();
        for (String segment : rawPath.split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(decode(segment));
            }
        }
        return segments;
    }

    private static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException badPercent) {
            throw Refusal.badRequest("can't decode `" + segment + "` in the path");
        }
    }
}
