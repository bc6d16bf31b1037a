package io.guardian.cluster.state;

import io.guardian.core.text.Json;
import java.util.List;

/** Takes the records that changed, in an order in which the first tell what the later ones refer to. */
@FunctionalInterface
public interface Publisher {
    /** May wait until there is room. */
    void publish(List<Json.Obj> records);
}
