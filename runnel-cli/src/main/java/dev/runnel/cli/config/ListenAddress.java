package dev.runnel.cli.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address to listen at, as Go writes it: {@code :9090} for every interface, {@code host:9090}, {@code [::1]:9090}. */
final class ListenAddress {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[(?<six>[0-9a-fA-F:.%]+)]|(?<host>[^:\\[\\]]*)):(?<port>[0-9]{1,5})");
    private static final int MOST = 65535;

    private ListenAddress() {}

    static InetSocketAddress parse(String text) {
        Matcher found = FORM.matcher(text);
        if (!found.matches() || Integer.parseInt(found.group("port")) > MOST) {
            throw new IllegalArgumentException(
                    "expected an address such as :9090 or 127.0.0.1:9090, found \"" + text + "\"");
        }
        int port = Integer.parseInt(found.group("port"));
        String host = found.group("six") == null ? found.group("host") : found.group("six");
        if (host.isEmpty()) {
            return new InetSocketAddress(port);
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("\"" + host + "\" is not a host that this machine can find");
        }
        return address;
    }
}
