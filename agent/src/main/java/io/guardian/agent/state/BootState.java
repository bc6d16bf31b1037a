package io.guardian.agent.state;

import io.guardian.agent.attribute.BootClock;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What is fixed for one boot: the offset of the clocks and the secret of lineages. Made at the first start of the agent
 * in a boot, and read again at later ones.
 *
 * @param clock the clock of this boot
 * @param lineageSecret 16 random bytes
 * @param fresh true if this is the agent's first start in this boot
 */
// Nobody compares these values, and copying the bytes would cost what this class is there to save.
@SuppressWarnings("ArrayRecordComponent")
public record BootState(BootClock clock, byte[] lineageSecret, boolean fresh) {
    private static final String FILE = "boot.json";

    /** @param bootToWallNanos what to add to the time since boot to get the wall clock's time now */
    public static BootState load(DataFolder data, String bootId, long bootToWallNanos, SecureRandom random)
            throws IOException {
        var stored = data.readObject(FILE);
        if (stored.isPresent() && stored.get().text("boot_id").equals(bootId)) {
            long offset = stored.get()
                    .number("boot_wall_micros")
                    .map(Json.Num::asLong)
                    .orElse(0L);
            String secret = stored.get().text("lineage_secret");
            if (offset > 0 && secret.length() == 32) {
                return new BootState(
                        new BootClock(bootId, offset), HexFormat.of().parseHex(secret), false);
            }
        }
        var secret = new byte[16];
        random.nextBytes(secret);
        var clock = new BootClock(bootId, bootToWallNanos / 1000);
        data.write(
                FILE,
                Json.object()
                        .put("boot_id", bootId)
                        .put("boot_wall_micros", clock.bootWallMicros())
                        .put("lineage_secret", HexFormat.of().formatHex(secret))
                        .build());
        return new BootState(clock, secret, true);
    }
}
