package io.guardian.agent.workload.grpc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * HPACK's table of header fields: the 61 fixed ones (RFC 7541, appendix A), then those of this connection, newest
 * first.
 */
final class HeaderTable {

    private static final List<Header> FIXED = List.of(
            new Header(":authority", ""),
            new Header(":method", "GET"),
            new Header(":method", "POST"),
            new Header(":path", "/"),
            new Header(":path", "/index.html"),
            new Header(":scheme", "http"),
            new Header(":scheme", "https"),
            new Header(":status", "200"),
            new Header(":status", "204"),
            new Header(":status", "206"),
            new Header(":status", "304"),
            new Header(":status", "400"),
            new Header(":status", "404"),
            new Header(":status", "500"),
            new Header("accept-charset", ""),
            new Header("accept-encoding", "gzip, deflate"),
            new Header("accept-language", ""),
            new Header("accept-ranges", ""),
            new Header("accept", ""),
            new Header("access-control-allow-origin", ""),
            new Header("age", ""),
            new Header("allow", ""),
            new Header("authorization", ""),
            new Header("cache-control", ""),
            new Header("content-disposition", ""),
            new Header("content-encoding", ""),
            new Header("content-language", ""),
            new Header("content-length", ""),
            new Header("content-location", ""),
            new Header("content-range", ""),
            new Header("content-type", ""),
            new Header("cookie", ""),
            new Header("date", ""),
            new Header("etag", ""),
            new Header("expect", ""),
            new Header("expires", ""),
            new Header("from", ""),
            new Header("host", ""),
            new Header("if-match", ""),
            new Header("if-modified-since", ""),
            new Header("if-none-match", ""),
            new Header("if-range", ""),
            new Header("if-unmodified-since", ""),
            new Header("last-modified", ""),
            new Header("link", ""),
            new Header("location", ""),
            new Header("max-forwards", ""),
            new Header("proxy-authenticate", ""),
            new Header("proxy-authorization", ""),
            new Header("range", ""),
            new Header("referer", ""),
            new Header("refresh", ""),
            new Header("retry-after", ""),
            new Header("server", ""),
            new Header("set-cookie", ""),
            new Header("strict-transport-security", ""),
            new Header("transfer-encoding", ""),
            new Header("user-agent", ""),
            new Header("vary", ""),
            new Header("via", ""),
            new Header("www-authenticate", ""));

    private final int sizeMax;
    private final Deque<Header> dynamic = new ArrayDeque<>();
    private int sizeLimit;
    private int size;

    /** @param sizeMax the most that our settings allow the peer, in the units of {@link Header#size} */
    HeaderTable(int sizeMax) {
        this.sizeMax = sizeMax;
        this.sizeLimit = sizeMax;
    }

    Header at(int index) throws Http2Exception {
        if (index < 1 || index > FIXED.size() + dynamic.size()) {
            throw new Http2Exception("a header index points outside the table");
        }
        if (index <= FIXED.size()) {
            return FIXED.get(index - 1);
        }
        Iterator<Header> all = dynamic.iterator();
        for (int skipped = FIXED.size() + 1; skipped < index; skipped++) {
            all.next();
        }
        return all.next();
    }

    /** An entry larger than the table empties it and is not kept (section 4.4). */
    void add(Header header) {
        dynamic.addFirst(header);
        size += header.size();
        evict();
    }

    void limit(int newLimit) throws Http2Exception {
        if (newLimit > sizeMax) {
            throw new Http2Exception("the header table is to grow beyond what was allowed");
        }
        sizeLimit = newLimit;
        evict();
    }

    private void evict() {
        while (size > sizeLimit) {
            size -= dynamic.removeLast().size();
        }
    }
}
