package dev.runnel.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates to be trusted instead of those of Java, from a file in PEM form as {@code AWS_CA_BUNDLE} names one. */
final class CaBundle {
    private CaBundle() {}

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException if it cannot be read or holds no certificate
     */
    static TrustManager[] read(Path file) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            try (InputStream in = Files.newInputStream(file)) {
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    trusted.setCertificateEntry("certificate-" + trusted.size(), certificate);
                }
            }
            if (trusted.size() == 0) {
                throw new IllegalArgumentException("AWS_CA_BUNDLE: no certificate in " + file);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("AWS_CA_BUNDLE: cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
