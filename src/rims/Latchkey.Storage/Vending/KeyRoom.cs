using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>The signer's keys of a data directory without the shop around them: where the ceremonies are held. What takes an approval is done where the books are: <see cref="VendingHouse"/>, <see cref="SignerRoom"/>.</summary>
public sealed class KeyRoom : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly IKeyCustody _custody;

    private KeyRoom(SqliteDatabase database, IKeyCustody custody)
    {
        _database = database;
        _custody = custody;
        Store = new SqliteSignerStore(database);
        Keys = new KeyAdministration(Store, custody, ledger: null);
    }

    /// <summary>The signer's journal.</summary>
    public SqliteSignerStore Store { get; }

    /// <summary>True where the keys are in software.</summary>
    public bool IsDevelopment => _custody.IsDevelopment;

    public KeyAdministration Keys { get; }

    /// <summary>Opens it; beside a running server too, which sees the changes with its next token.</summary>
    /// <exception cref="StorageException">The directory or its keys cannot be used.</exception>
    public static KeyRoom Open(string directory, TimeProvider time) => Open(directory, CustodyKeyFile.OpenOrCreate, time);

    /// <inheritdoc cref="Open(string, TimeProvider)"/>
    /// <param name="custody">Opens the custody of the directory's keys; the room closes it.</param>
    public static KeyRoom Open(string directory, Func<string, IKeyCustody> custody, TimeProvider time)
    {
        SqliteDatabase database = SqliteDatabase.Open(
            new SqliteDatabaseOptions(directory) { FileName = SqliteSignerStore.FileName }, time, VendingSchema.Signer);
        try
        {
            return new KeyRoom(database, custody(directory));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _database.Dispose();
        (_custody as IDisposable)?.Dispose();
    }
}
