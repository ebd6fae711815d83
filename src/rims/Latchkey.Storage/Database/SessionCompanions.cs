using System.Collections.Concurrent;

namespace Latchkey.Storage;

/// <summary>What a room needs beside every session of a database and the file does not hold, such as a key.</summary>
internal sealed class SessionCompanions
{
    private readonly ConcurrentDictionary<Type, object> _all = new();

    public void Add(object companion) => _all[companion.GetType()] = companion;

    public T? Find<T>() where T : class => _all.TryGetValue(typeof(T), out object? found) ? (T)found : null;
}
