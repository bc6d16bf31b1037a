package io.guardian.core.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashesTest {

    @ParameterizedTest
    @CsvSource({"harbor-1, 408b5570ba24c5f5c1a630834c049eb1", "demo-cluster, e5a4a1a72e839f7d70d69281c9e4a120"})
    void selector_hash_is_the_one_that_clients_compute(String cluster, String hash) throws JsonSyntaxException {
        var spec = JsonReader.readObject("""
                {"mode":"audit","clusterSelector":{"matchFields":{"name":"%s"}},"rulesets":[]}""".formatted(cluster));

        assertThat(Hashes.selectorHash(spec)).isEqualTo(hash);
    }

    @Test
    void canonical_form_sorts_keys_and_escapes_what_is_not_printable_ascii() throws JsonSyntaxException {
        var json = JsonReader.read("{ \"b\": [1, {\"é\": \"😀\\u007f\"}], \"a\": null }");

        assertThat(json.toCanonicalText()).isEqualTo("{\"a\":null,\"b\":[1,{\"\\u00e9\":\"\\ud83d\\ude00\\u007f\"}]}");
    }

    @Test
    void key_order_does_not_change_a_checksum() {
        var left = Json.object().put("x", 1).put("y", "z").build();
        var right = Json.object().put("y", "z").put("x", 1).build();

        assertThat(Hashes.checksum(left)).isEqualTo(Hashes.checksum(right)).hasSize(32);
        assertThat(Hashes.md5(left)).isEqualTo(Hashes.md5(right));
    }
}
