using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>The signer's keys and journal on SQLite, in a file of their own.</summary>
public sealed class SqliteSignerStore(SqliteDatabase database) : ISignerStore
{
    public const string FileName = "signer.db";

    public Task<T> UpdateAsync<T>(Func<ISignerBooks, T> step, CancellationToken cancellationToken) =>
        database.WriteAsync(s => step(new SqliteSignerBooks(s)), cancellationToken);

    public T Read<T>(Func<ISignerBooks, T> step) => database.Read(s => step(new SqliteSignerBooks(s)));

    public SigningKeyRecord? FindKey(string keyId) => database.ReadOne(s => new SqliteSignerBooks(s).FindKey(keyId));
}
