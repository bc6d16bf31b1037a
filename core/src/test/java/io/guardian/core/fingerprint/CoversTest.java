package io.guardian.core.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.Cidr;
import io.guardian.core.net.IpAddress;
import io.guardian.core.policy.Peer;
import io.guardian.core.testing.Sample;
import io.guardian.core.testing.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CoversTest {
    private static final int FIRST = 0x0a000000;

    static LongStream seeds() {
        return Seeds.of(300);
    }

    /** Blocks inside a network of 16 addresses, so that their addresses can be counted out. */
    @ParameterizedTest
    @MethodSource("seeds")
    void a_block_covers_another_when_each_of_its_addresses_is_in_it(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            var one = block(random);
            var other = block(random);
            assertThat(Covers.covers(one, other))
                    .as("%s covers %s", one, other)
                    .isEqualTo(addresses(one).containsAll(addresses(other)));
        }
    }

    private static Peer.IpBlock block(Random random) {
        var cidr = cidr(random, 28);
        var except = new ArrayList<Cidr>();
        while (random.nextInt(2) == 0 && except.size() < 4) {
            var hole = cidr(random, 28);
            if (cidr.contains(hole)) {
                except.add(hole);
            }
        }
        return new Peer.IpBlock(cidr, except);
    }

    private static Cidr cidr(Random random, int shortest) {
        return Cidr.of(IpAddress.v4(FIRST + random.nextInt(16))).widened(shortest + random.nextInt(33 - shortest));
    }

    private static Set<Integer> addresses(Peer.IpBlock block) {
        var addresses = new HashSet<Integer>();
        for (int i = 0; i < 16; i++) {
            var address = IpAddress.v4(FIRST + i);
            if (block.cidr().contains(address) && block.except().stream().noneMatch(hole -> hole.contains(address))) {
                addresses.add(i);
            }
        }
        return addresses;
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 10.0.0.1, false",
        "::/0, 2001:db8::/32, true",
        "*.example.net, a.example.net, true",
        "*.example.net, *.a.example.net, false",
        "*, 10.0.0.1, false",
        "10.0.0.1, *, false",
    })
    void families_and_kinds_of_peers_do_not_mix(String one, String other, boolean covers) {
        assertThat(Covers.covers(Sample.peer(one), Sample.peer(other))).isEqualTo(covers);
    }

    @Test
    void exact_texts_under_a_pattern_are_not_maximal() {
        assertThat(Covers.maximalTexts(List.of("b", "a*", "ab", "*b?"))).containsExactly("*b?", "a*", "b");
    }
}
