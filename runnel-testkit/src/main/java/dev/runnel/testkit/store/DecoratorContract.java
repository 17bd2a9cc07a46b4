package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A decorator forwards every method, those included that the interface gets one day. */
public final class DecoratorContract {
    private DecoratorContract() {}

    /** Calls each method of a decorated store; each must reach the store inside under its own name. */
    public static void assertForwardsEveryMethod(UnaryOperator<ObjectStore> decorator) throws Exception {
        for (Method method : ObjectStore.class.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            List<String> reached = new ArrayList<>();
            ObjectStore inner = (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (_, called, _) -> {
                        reached.add(called.getName());
                        return answer(called.getReturnType());
                    });
            try {
                method.invoke(decorator.apply(inner), arguments(method));
            } catch (InvocationTargetException e) {
                assertThat(e.getCause())
                        .as("what %s makes of an answer made up", method)
                        .isInstanceOf(StoreException.class);
            }
            assertThat(reached).as("what %s reaches", method).contains(method.getName());
        }
    }

    private static Object[] arguments(Method method) {
        return Stream.of(method.getParameterTypes())
                .map(DecoratorContract::argument)
                .toArray();
    }

    private static Object argument(Class<?> type) {
        if (type == Body.class) {
            return Bodies.of("content");
        }
        if (type == PutOptions.class) {
            return PutOptions.replace(Instant.EPOCH);
        }
        if (type == ByteRange.class) {
            return ByteRange.ALL;
        }
        if (type == Collection.class) {
            return List.of("key");
        }
        return type == Optional.class ? Optional.empty() : "key";
    }

    private static Object answer(Class<?> type) {
        if (type == Stream.class) {
            return Stream.empty();
        }
        if (type == InputStream.class) {
            return InputStream.nullInputStream();
        }
        if (type == ObjectInfo.class) {
            return new ObjectInfo("key", 0, Instant.EPOCH);
        }
        return type == Optional.class ? Optional.empty() : "answer";
    }
}
