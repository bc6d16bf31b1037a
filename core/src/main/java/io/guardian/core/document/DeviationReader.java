package io.guardian.core.document;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Patch;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Subject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads deviations. */
final class DeviationReader {
    private final NodeIds ids = new NodeIds();
    private final Fields metadata;
    private final Fields spec;

    private DeviationReader(Fields metadata, Fields spec) {
        this.metadata = metadata;
        this.spec = spec;
    }

    static DeviationDocument read(DeviationDocument.Type type, Fields metadata, Fields spec) {
        return new DeviationReader(metadata, spec).read(type);
    }

    private DeviationDocument read(DeviationDocument.Type type) {
        boolean cluster = type == DeviationDocument.Type.CLUSTER;
        var scopes = (cluster ? metadata.require("scopes") : metadata.take("scopes"))
                .flatMap(Slot::fields)
                .map(DeviationReader::scopes)
                .orElse(Map.of());
        // Anchors first: an id in a network entry may name one that stands further down.
        var processes = spec.take("processPolicy").map(this::patches).orElse(List.of());
        var network = spec.take("networkPolicy").flatMap(Slot::fields);
        var egress = network.map(fields -> entries(fields, Direction.EGRESS)).orElse(List.of());
        var ingress = network.map(fields -> entries(fields, Direction.INGRESS)).orElse(List.of());
        network.ifPresent(Fields::refuseUnknown);
        var rules = (cluster ? spec.require("rules") : spec.take("rules"))
                .map(slot -> RuleReader.rules(slot, "cluster"))
                .orElse(List.of());
        var matches = spec.take("matches")
                .flatMap(Slot::fields)
                .map(DeviationReader::matches)
                .orElse(Map.of());
        spec.refuseUnknown();
        return new DeviationDocument(
                type,
                metadata.requireText("policy_uid"),
                metadata.requireText("uid"),
                metadata.requireText("checksum"),
                scopes,
                new Patch(processes, egress, ingress),
                rules,
                matches);
    }

    private List<Patch.Item> patches(Slot list) {
        return list.items(0).stream().flatMap(item -> patch(item).stream()).toList();
    }

    private Optional<Patch.Item> patch(Slot item) {
        var nodes = new ProcessReader(ids);
        return item.fields().map(fields -> {
            if (!fields.has("policyNode")) {
                return new Patch.Item.Root(nodes.root(item));
            }
            var anchor = fields.take("policyNode").flatMap(Slot::fields);
            fields.refuseUnknown();
            return anchor.<Patch.Item>map(node -> policyNode(node, nodes))
                    .orElseGet(() -> new Patch.Item.Below("", List.of()));
        });
    }

    private Patch.Item policyNode(Fields node, ProcessReader nodes) {
        var idSlot = node.require("id");
        String id = idSlot.map(Slot::text).orElse("");
        idSlot.ifPresent(slot -> ids.addAnchor(slot, id));
        var children = node.take("children").map(nodes::children).orElse(List.of());
        node.refuseUnknown();
        return new Patch.Item.Below(id, children);
    }

    private List<NetworkEntry> entries(Fields network, Direction direction) {
        return network.take(direction.toString())
                .map(slot -> new NetworkReader(ids).entries(slot, direction))
                .orElse(List.of());
    }

    private static Map<Scope, Subject.Facts> scopes(Fields fields) {
        var scopes = new LinkedHashMap<Scope, Subject.Facts>();
        for (var entry : fields.mapping().entries()) {
            Scope.ofKey(entry.key())
                    .ifPresent(scope -> fields.take(entry.key())
                            .flatMap(Slot::fields)
                            .ifPresent(facts -> scopes.put(scope, facts(facts))));
        }
        return scopes;
    }

    /** An empty text means that the attribute is not known. */
    private static Subject.Facts facts(Fields fields) {
        var values = new LinkedHashMap<String, List<String>>();
        var unknown = new HashSet<String>();
        for (var entry : fields.mapping().entries()) {
            String value = fields.text(entry.key());
            if (value.isEmpty()) {
                unknown.add(entry.key());
            } else {
                values.put(entry.key(), List.of(value));
            }
        }
        return new Subject.Facts.Present(values, unknown);
    }

    private static Map<String, List<String>> matches(Fields fields) {
        var matches = new LinkedHashMap<String, List<String>>();
        for (var entry : fields.mapping().entries()) {
            fields.take(entry.key()).flatMap(Slot::fields).ifPresent(match -> {
                matches.put(
                        entry.key(),
                        match.require("matchedPatterns")
                                .map(slot -> slot.texts(0))
                                .orElse(List.of()));
                match.refuseUnknown();
            });
        }
        return matches;
    }
}
