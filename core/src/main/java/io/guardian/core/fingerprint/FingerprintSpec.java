package io.guardian.core.fingerprint;

import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.BehaviourJson;
import io.guardian.core.policy.Switches;
import io.guardian.core.selector.Selectors;
import io.guardian.core.selector.SelectorsJson;
import io.guardian.core.text.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The {@code spec} of a fingerprint, and the hashes that clients compute too. */
public final class FingerprintSpec {
    private FingerprintSpec() {}

    /** Selectors, switches, processes, network. */
    public static Json.Obj of(Selectors selectors, Switches switches, Behaviour behaviour) {
        var spec = Json.object();
        SelectorsJson.fields(selectors).forEach(spec::put);
        putSwitches(switches, spec);
        return spec.put("processPolicy", BehaviourJson.processes(behaviour.processes()))
                .put("networkPolicy", BehaviourJson.network(behaviour))
                .build();
    }

    static void putSwitches(Switches switches, Json.ObjBuilder spec) {
        if (switches.processes()) {
            spec.put("disableProcesses", "all");
        }
        put("disableConnections", switches.connections(), spec);
        put("disablePrivateConnections", switches.privateConnections(), spec);
        put("disablePublicConnections", switches.publicConnections(), spec);
    }

    private static void put(String key, Switches.Directions directions, Json.ObjBuilder spec) {
        if (directions != Switches.Directions.NONE) {
            spec.put(key, directions.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** {@code metadata.checksum} of a fingerprint: MD5 hex of the canonical JSON of its spec. */
    public static String checksum(Json.Obj spec) {
        return md5(spec);
    }

    /** MD5 hex of the canonical JSON of the {@code …Selector} fields of a spec. */
    public static String selectorHash(Json.Obj spec) {
        var selectors = Json.object();
        spec.fields().forEach((key, value) -> {
            if (key.endsWith("Selector")) {
                selectors.put(key, value);
            }
        });
        return md5(selectors.build());
    }

    private static String md5(Json value) {
        try {
            byte[] text = value.toCanonicalText().getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has MD5", missing);
        }
    }
}
