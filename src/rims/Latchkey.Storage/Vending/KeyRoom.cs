using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>The signer's keys of a data directory without the shop around them: where the ceremonies are held.</summary>
public sealed class KeyRoom : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SoftwareKeyCustody _custody;

    private KeyRoom(SqliteDatabase database, SoftwareKeyCustody custody)
    {
        _database = database;
        _custody = custody;
        Keys = new KeyAdministration(new SqliteSignerStore(database), custody);
    }

    public KeyAdministration Keys { get; }

    /// <summary>Opens it; beside a running server too, which sees the changes with its next token.</summary>
    /// <exception cref="StorageException">The directory or its keys cannot be used.</exception>
    public static KeyRoom Open(string directory, TimeProvider time)
    {
        SqliteDatabase database = SqliteDatabase.Open(
            new SqliteDatabaseOptions(directory) { FileName = SqliteSignerStore.FileName }, time, VendingSchema.Signer);
        try
        {
            return new KeyRoom(database, CustodyKeyFile.OpenOrCreate(directory));
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
        _custody.Dispose();
    }
}
