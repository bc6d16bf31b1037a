package io.guardian.agent.act;

import io.guardian.agent.log.Log;
import io.guardian.agent.state.DataFolder;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notes kills in a file of the agent's data folder. They belong to one boot: in another one the clock begins anew, and
 * a minute is over.
 */
public final class KillNotes implements KillLimit.Notes {
    private static final String FILE = "kills.json";

    private final DataFolder data;
    private final String bootId;
    private final Log log;

    public KillNotes(DataFolder data, String bootId, Log log) {
        this.data = data;
        this.bootId = bootId;
        this.log = log;
    }

    @Override
    public Map<String, List<Long>> read() {
        var kills = new HashMap<String, List<Long>>();
        try {
            var noted = data.readObject(FILE)
                    .filter(all -> all.text("boot_id").equals(bootId))
                    .orElse(Json.Obj.EMPTY);
            noted.object("kills").fields().forEach((policy, times) -> {
                var list = new ArrayList<Long>();
                if (times instanceof Json.Arr(var items)) {
                    items.forEach(item -> {
                        if (item instanceof Json.Num number) {
                            list.add(number.asLong());
                        }
                    });
                }
                kills.put(policy, list);
            });
        } catch (IOException unreadable) {
            log.warn("act", "kills of an earlier run can't be read", "error", unreadable.getMessage());
        }
        return kills;
    }

    @Override
    public void write(Map<String, List<Long>> kills) {
        var all = Json.object();
        kills.forEach((policy, times) ->
                all.put(policy, new Json.Arr(times.stream().<Json>map(Json::of).toList())));
        try {
            data.write(
                    FILE,
                    Json.object()
                            .put("boot_id", bootId)
                            .put("kills", all.build())
                            .build());
        } catch (IOException full) {
            // A full disk must not be a way to be spared.
            log.warnLimited("act", "a kill can't be noted; a restart forgets it", "error", full.getMessage());
        }
    }
}
