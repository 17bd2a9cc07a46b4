import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Fetches a zip file, compares its SHA-512, and unpacks it: {@code java FetchArchive.java URL SHA512 FOLDER}. */
final class FetchArchive {
    public static void main(String[] arguments) throws Exception {
        byte[] archive = fetch(URI.create(arguments[0]));
        String found = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(archive));
        if (!found.equals(arguments[1])) {
            throw new IOException(arguments[0] + " has SHA-512 " + found + ", expected was " + arguments[1]);
        }
        unpack(archive, Path.of(arguments[2]));
    }

    private static byte[] fetch(URI url) throws IOException, InterruptedException {
        HttpClient.Builder client = HttpClient.newBuilder().followRedirects(Redirect.NORMAL);
        String proxy = System.getenv().getOrDefault("https_proxy", System.getenv().getOrDefault("HTTPS_PROXY", ""));
        if (!proxy.isEmpty()) {
            URI address = URI.create(proxy);
            client.proxy(ProxySelector.of(new InetSocketAddress(address.getHost(), address.getPort())));
        }
        HttpResponse<byte[]> response =
                client.build().send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(url + " answered with status " + response.statusCode());
        }
        return response.body();
    }

    /** A zip file as Maven's does not say which files are programs: all in a folder named bin are. */
    private static void unpack(byte[] archive, Path folder) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder.normalize())) {
                    throw new IOException(entry.getName() + " lies outside of the archive");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                Files.copy(zip, target);
                if (target.getParent().endsWith("bin") && !target.toFile().setExecutable(true)) {
                    throw new IOException(target + " cannot be made executable");
                }
            }
        }
    }
}
