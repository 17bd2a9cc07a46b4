package dev.runnel.cli.heartbeat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The proxies that {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY} name, in capitals or not, as command-line
 * programs take them. Java itself does not read them. This machine is always reached directly.
 */
final class EnvironmentProxies extends ProxySelector {
    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);
    private static final int USUAL_PORT = 80;

    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI target) {
        String host = String.valueOf(target.getHost()).toLowerCase(Locale.ROOT);
        String proxy = variable(String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT) + "_proxy");
        return proxy.isEmpty() || isThisMachine(host) || isExcepted(host) ? DIRECT : List.of(parse(proxy));
    }

    private String variable(String name) {
        String small = environment.getOrDefault(name, "");
        return small.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : small;
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** A name in the list stands for itself and for the hosts below it. */
    private boolean isExcepted(String host) {
        return Arrays.stream(variable("no_proxy").split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .map(name -> name.startsWith("*.") ? name.substring(2) : name)
                .map(name -> name.startsWith(".") ? name.substring(1) : name)
                .filter(name -> !name.isEmpty())
                .anyMatch(name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
    }

    /** What is no address is tried as one, so that the ping fails: going around a proxy is not allowed everywhere. */
    private static Proxy parse(String text) {
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() != null) {
                int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
                return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
            }
        } catch (URISyntaxException _) {
            // The same as without a host.
        }
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(text, USUAL_PORT));
    }

    @Override
    public void connectFailed(URI target, SocketAddress proxy, IOException fault) {
        // The ping fails, and its message says so.
    }
}
