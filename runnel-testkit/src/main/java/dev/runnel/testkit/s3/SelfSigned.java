package dev.runnel.testkit.s3;

import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate that nobody trusts who is not told to.
 *
 * @param keyStore a file with the key and the certificate, in PKCS 12
 * @param certificate a file with the certificate alone, in PEM
 */
public record SelfSigned(Path keyStore, Path certificate) {
    static final String PASSWORD = "testpassword";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Makes one for a host, given as {@code ip:127.0.0.1} or {@code dns:localhost}, with Java's own keytool. */
    public static SelfSigned make(Path folder, String host) {
        SelfSigned made = new SelfSigned(folder.resolve("key.p12"), folder.resolve("certificate.pem"));
        made.keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=s3", "-ext", "san=" + host);
        made.keytool("-exportcert", "-rfc", "-file", made.certificate.toString());
        return made;
    }

    private void keytool(String... what) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(what));
        command.addAll(List.of("-keystore", keyStore.toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", PASSWORD, "-alias", "s3"));
        Child.run(LIMIT, command);
    }

    /** What a server needs to use it. */
    public SSLContext toServe() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }
}
