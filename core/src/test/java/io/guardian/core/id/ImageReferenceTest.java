package io.guardian.core.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.Seeds;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageReferenceTest {

    private static final String HEX = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "redis, docker.io/library/redis:latest",
        "redis:7.2, docker.io/library/redis:7.2",
        "library/redis, docker.io/library/redis:latest",
        "docker.io/redis, docker.io/library/redis:latest",
        "index.docker.io/redis, docker.io/library/redis:latest",
        "index.docker.io/library/mongo:latest, docker.io/library/mongo:latest",
        "acme/shop, docker.io/acme/shop:latest",
        "acme/shop/cart:v1, docker.io/acme/shop/cart:v1",
        "localhost/shop:1, localhost/shop:1",
        "localhost:5000/shop, localhost:5000/shop:latest",
        "myhost:5000/a/b/c:tag, myhost:5000/a/b/c:tag",
        "registry.example.net/shop, registry.example.net/shop:latest",
        "REGISTRY/shop, REGISTRY/shop:latest",
        "quay.io/a__b/c-d--e/f.g:_x.y-z, quay.io/a__b/c-d--e/f.g:_x.y-z",
        "'[2001:db8::1]:5000/shop:1', '[2001:db8::1]:5000/shop:1'",
        "'[::1]/shop', '[::1]/shop:latest'",
        "127.0.0.1/shop, 127.0.0.1/shop:latest",
        "redis:5000, docker.io/library/redis:5000",
        "h.example:5000, docker.io/library/h.example:5000",
        "Docker.io/redis, Docker.io/redis:latest",
        "localhost, docker.io/library/localhost:latest",
        "h.example:123456/a, h.example:123456/a:latest",
        "redis:7/a, redis:7/a:latest",
        "a.b/c/d/e/f/g:1, a.b/c/d/e/f/g:1",
        "h--x.example/a, h--x.example/a:latest",
    })
    void what_people_leave_out_is_filled_in(String written, String full) {
        assertThat(ImageReference.parse(written)).map(ImageReference::toString).contains(full);
    }

    @Test
    void a_digest_takes_the_place_of_a_tag() {
        assertThat(ImageReference.parse("redis@sha256:" + HEX))
                .map(ImageReference::toString)
                .contains("docker.io/library/redis@sha256:" + HEX);
    }

    @Test
    void tag_and_digest_are_both_kept() {
        assertThat(ImageReference.parse("h.example:5000/redis:7@sha256:" + HEX)).hasValueSatisfying(image -> {
            assertThat(image.registry()).isEqualTo("h.example:5000");
            assertThat(image.repository()).isEqualTo("redis");
            assertThat(image.tag()).isEqualTo("7");
            assertThat(image.digest()).isEqualTo("sha256:" + HEX);
            assertThat(image.name()).isEqualTo("h.example:5000/redis");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Redis",
                "redis:",
                "redis:.x",
                "redis:-x",
                "redis@",
                "redis@sha256",
                "redis@sha256:abc",
                "redis@sha256:0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
                "redis@md5:0123456789abcdef0123456789abcdef",
                "redis@sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "redis@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
                "redis:1@",
                "redis:@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "redis@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef:1",
                "shop/Cart:1",
                "h.example/Shop/cart",
                "docker.io/Redis",
                "[fe80::1%25eth0]/a",
                "h_x.example/a",
                "a:b:c",
                "h.example:5000:5001/a",
                "a/b:tag/c",
                "redis@:0123456789abcdef0123456789abcdef",
                "redis@9a:0123456789abcdef0123456789abcdef",
                "/redis",
                "redis/",
                "a//b",
                "a/../b",
                "a_-b",
                "a..b",
                "a___b",
                "-a",
                "a-",
                "-h.example/a",
                "h-.example/a",
                "h.example:port/a",
                "h.example:/a",
                "h..example/a",
                "[::1/a",
                "[]/a",
                "https://registry.example.net/a",
                "redis\n",
                "redis:a b",
                "réd.is/a",
                "a/é",
            })
    void text_outside_the_grammar_is_no_reference(String written) {
        assertThat(ImageReference.parse(written)).isEmpty();
    }

    @Test
    void a_bare_image_id_names_no_repository() {
        assertThat(ImageReference.parse(HEX)).isEmpty();
        assertThat(ImageReference.parse("sha256:" + HEX)).isEmpty();
        assertThat(ImageReference.parse("h.example/" + HEX)).isPresent();
    }

    @Test
    void lengths_are_limited() {
        assertThat(ImageReference.parse("a:" + "t".repeat(128))).isPresent();
        assertThat(ImageReference.parse("a:" + "t".repeat(129))).isEmpty();
        assertThat(ImageReference.parse("h.io/" + "a".repeat(255))).isPresent();
        assertThat(ImageReference.parse("h.io/" + "a".repeat(256))).isEmpty();
        assertThat(ImageReference.parse("a".repeat(255 - "library/".length()))).isPresent();
        assertThat(ImageReference.parse("a".repeat(256 - "library/".length()))).isEmpty();
        assertThat(ImageReference.parse("a/".repeat(127) + "a")).isPresent();
        assertThat(ImageReference.parse("a".repeat(100_000))).isEmpty();
    }

    @Test
    void the_full_form_reads_back_to_itself_whatever_was_written() {
        List<String> parts =
                List.of("a", "B", ".", ":", "/", "@", "-", "_", "localhost", "sha256:" + HEX, "[", "]", "7", "é");
        Random random = new Random(20261121);
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = 1 + random.nextInt(7);
            for (int j = 0; j < length; j++) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            var first = ImageReference.parse(text.toString());
            if (first.isPresent()) {
                read++;
                assertThat(ImageReference.parse(first.get().toString()))
                        .as(text.toString())
                        .isEqualTo(first);
            }
        }
        assertThat(read).isGreaterThan(100);
    }

    /** The grammar as the specification writes it, with the defaults put in before. */
    private static final Pattern FULL =
            Pattern.compile("(?<domain>(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
                    + "(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?)"
                    + "/(?<path>[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)"
                    + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
                    + "(?:@(?<digest>sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}))?");

    private static Optional<String> bySpecification(String text) {
        int slash = text.indexOf('/');
        String first = slash < 0 ? "" : text.substring(0, slash);
        boolean isDomain = first.equals("localhost")
                || first.contains(".")
                || first.contains(":")
                || !first.equals(first.toLowerCase(Locale.ROOT));
        String domain = !isDomain || first.equals("index.docker.io") ? "docker.io" : first;
        String rest = isDomain ? text.substring(slash + 1) : text;
        String remote = domain.equals("docker.io") && !rest.contains("/") ? "library/" + rest : rest;
        var match = FULL.matcher(domain + "/" + remote);
        if (!match.matches() || match.group("path").length() > 255) {
            return Optional.empty();
        }
        String tag =
                match.group("tag") == null ? match.group("digest") == null ? ":latest" : "" : ":" + match.group("tag");
        String digest = match.group("digest") == null ? "" : "@" + match.group("digest");
        return Optional.of(match.group("domain") + "/" + match.group("path") + tag + digest);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void every_text_is_read_as_the_specification_says(long seed) {
        var random = new Random(seed);
        var parts = List.of(
                "a",
                "b0",
                "Z",
                ".",
                "..",
                ":",
                "/",
                "@",
                "-",
                "--",
                "_",
                "__",
                "___",
                "localhost",
                "docker.io",
                "index.docker.io",
                "h.example:5000",
                "sha256:" + HEX,
                "sha512:" + HEX + HEX,
                "@sha256:" + HEX,
                "[::1]",
                "7",
                "é",
                ":latest",
                " ",
                "%");
        int read = 0;
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder();
            for (int j = random.nextInt(8); j >= 0; j--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            boolean isId = ImageId.parse(text.toString()).isPresent();
            var expected = isId ? Optional.<String>empty() : bySpecification(text.toString());
            read += expected.isPresent() ? 1 : 0;
            assertThat(ImageReference.parse(text.toString()).map(ImageReference::toString))
                    .as(text.toString())
                    .isEqualTo(expected);
        }
        assertThat(read).isPositive();
    }

    static LongStream seeds() {
        return Seeds.of(30);
    }
}
