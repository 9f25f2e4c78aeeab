package dev.skyrig.client;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test of JUnit 5 that has a parameter {@link World} one of its own. */
public final class WorldExtension implements ParameterResolver {
    private static final Namespace OWN = Namespace.create(WorldExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == World.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getStore(OWN).getOrComputeIfAbsent("world", key -> new Held(World.make()), Held.class).world();
    }

    /** JUnit closes it when the test ends, by the one interface or, from 5.13 on, by the other. */
    private record Held(World world) implements CloseableResource, AutoCloseable {
        @Override
        public void close() {
            world.close();
        }
    }
}
