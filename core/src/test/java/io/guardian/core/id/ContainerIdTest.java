package io.guardian.core.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContainerIdTest {

    private static final String HEX = "4be91c07a2d3".repeat(5) + "4be9";

    @Test
    void a_drawn_id_is_shortened_to_its_first_digits() {
        assertThat(ContainerId.parse(HEX)).hasValueSatisfying(id -> {
            assertThat(id.isDigest()).isTrue();
            assertThat(id.shortHex()).isEqualTo("4be91c07a2d3");
        });
    }

    @Test
    void a_chosen_id_is_shortened_to_digits_of_its_hash() {
        assertThat(ContainerId.parse("redis-1")).hasValueSatisfying(id -> {
            assertThat(id.isDigest()).isFalse();
            assertThat(id.shortHex()).matches("[0-9a-f]{12}");
        });
        assertThat(new ContainerId("redis-1").shortHex()).isNotEqualTo(new ContainerId("redis-2").shortHex());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "-a", "a-", "a--b", "a/b", "a b", "a\n", "é"})
    void text_that_could_leave_its_folder_or_its_line_is_no_id(String text) {
        assertThat(ContainerId.parse(text)).isEmpty();
    }

    @Test
    void length_is_limited() {
        assertThat(ContainerId.parse("a".repeat(76))).isPresent();
        assertThat(ContainerId.parse("a".repeat(77))).isEmpty();
    }

    @Test
    void an_image_id_is_read_with_and_without_its_algorithm() {
        assertThat(ImageId.parse("sha256:" + HEX))
                .isEqualTo(ImageId.parse(HEX))
                .map(ImageId::toString)
                .contains("sha256:" + HEX);
        assertThat(ImageId.parse("sha512:" + HEX)).isEmpty();
        assertThat(ImageId.parse(HEX.toUpperCase(Locale.ROOT))).isEmpty();
        assertThat(new ImageId(HEX).shortForm()).isEqualTo("4be91c07a2d3");
    }
}
