namespace Latchkey.Storage.Tests.Database;

/// <summary>A commit that waits a little for those who are announced.</summary>
public sealed partial class SqliteDatabaseTests
{
    [Fact]
    public async Task WriteAllAsync_CompanyThatComes_SharesTheCommit()
    {
        using SqliteDatabase database = Open(Shelf);
        var company = new TaskCompletionSource();
        (long before, _) = database.WriteCounters;
        Task<WriteResult<bool>[]> early = AddAll(database, company.Task, "Ohm", "Volta");
        Task<WriteResult<bool>[]> late = AddAll(database, company.Task, "Ampere");
        company.SetResult();
        await Task.WhenAll(early, late);
        Assert.Equal(before + 1, database.WriteCounters.Commits);
        Assert.Equal(["Ohm", "Volta", "Ampere"], Titles(database));
    }

    [Fact]
    public async Task WriteAllAsync_CompanyThatStaysAway_IsNotWaitedForLong()
    {
        using SqliteDatabase database = Open(Shelf);
        var company = new TaskCompletionSource();
        await AddAll(database, company.Task, "Ohm").WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["Ohm"], Titles(database));
        await AddAll(database, company.Task, "Volta").WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["Ohm", "Volta"], Titles(database));
    }

    // Breach: whoever comes in between must not keep the group open for somebody who stays away.
    [Fact]
    public async Task WriteAllAsync_CompanyThatStaysAway_IsNotWaitedForLongerBecauseOthersCome()
    {
        using SqliteDatabase database = Open(Shelf);
        Task<WriteResult<bool>[]> first = AddAll(database, new TaskCompletionSource().Task, "Ohm");
        List<Task> others = [];
        while (!first.IsCompleted && others.Count < 400)
        {
            others.Add(Add(database, "Book " + others.Count));

            // Far less than the writer's patience, so that no gap between two of them ends it.
            Thread.SpinWait(10_000);
        }

        Assert.True(first.IsCompleted, $"{others.Count} others came and the group was still open");
        await Task.WhenAll([first, .. others]);
    }

    [Fact]
    public async Task WriteAllAsync_CompanyThatThrows_IsUndoneAlone()
    {
        using SqliteDatabase database = Open(Shelf);
        var company = new TaskCompletionSource();
        Task<WriteResult<bool>[]> early = AddAll(database, company.Task, "Ohm");
        Task<WriteResult<bool>[]> late = AddAll(database, company.Task, "Volta", "Ohm", "Ampere");
        company.SetResult();
        Assert.Null((await early)[0].Fault);
        Assert.Equal([false, true, false], (await late).Select(r => r.Fault is not null));
        Assert.Equal(["Ohm", "Volta", "Ampere"], Titles(database));
    }

    [Fact]
    public async Task WriteAllAsync_CompanyThatFails_EndsTheWaitingAndHarmsNobody()
    {
        using SqliteDatabase database = Open(Shelf);
        await AddAll(database, Task.FromException(new InvalidOperationException("no")), "Ohm");
        Assert.Equal(["Ohm"], Titles(database));
    }

    private static Task<WriteResult<bool>[]> AddAll(SqliteDatabase database, Task company, params string[] titles) => database.WriteAllAsync(
        [
            .. titles.Select(title => (Func<SqliteSession, bool>)(session =>
            {
                Insert(session, title);
                return true;
            })),
        ],
        company,
        CancellationToken.None);
}
