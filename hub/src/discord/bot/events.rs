//! What the gateway tells us beside commands: connections, and whether the posts channel is open to the bot.

use std::sync::Arc;

use async_trait::async_trait;
use serenity::all::{
    ConnectionStage, Context, EventHandler, Guild, GuildChannel, GuildMemberUpdateEvent, Member, Permissions, Role,
    ShardStageUpdateEvent,
};

use crate::discord::health::Health;
use crate::discord::id::ChannelId;

/// What a post needs in its channel, in Discord's words. Reading the history is for finding our own messages again.
const NEEDED: [(Permissions, &str); 4] = [
    (Permissions::VIEW_CHANNEL, "View Channel"),
    (Permissions::SEND_MESSAGES, "Send Messages"),
    (Permissions::EMBED_LINKS, "Embed Links"),
    (Permissions::READ_MESSAGE_HISTORY, "Read Message History"),
];

pub(super) struct Events {
    posts: Option<ChannelId>,
    health: Arc<Health>,
}

impl Events {
    pub(super) fn new(posts: Option<ChannelId>, health: Arc<Health>) -> Self {
        Self { posts, health }
    }

    /// Compares what the bot may do in the posts channel with what it needs, as far as the cache knows.
    fn check_permissions(&self, ctx: &Context) {
        let Some(posts) = self.posts else { return };
        let me = ctx.cache.current_user().id;
        let missing = ctx.cache.guilds().into_iter().find_map(|guild| {
            let guild = ctx.cache.guild(guild)?;
            let channel = guild.channels.get(&posts.into())?;
            let may = guild.user_permissions_in(channel, guild.members.get(&me)?);
            let missing: Vec<&str> =
                NEEDED.iter().filter(|(needed, _)| !may.contains(*needed)).map(|(_, name)| *name).collect();
            Some((missing.join(", "), channel.name.clone()))
        });
        match missing {
            Some((missing, _)) if missing.is_empty() => self.health.open(posts),
            Some((missing, name)) => self.health.close(
                posts,
                &format!(
                    "the bot may not post in #{name} ({posts}): in the channel's settings give the bot's role {missing}; \
                     posting then goes on by itself"
                ),
            ),
            // another server's event, or a thread, which the cache does not list
            None => {}
        }
    }
}

#[async_trait]
impl EventHandler for Events {
    async fn shard_stage_update(&self, _: Context, event: ShardStageUpdateEvent) {
        match event.new {
            ConnectionStage::Connected => self.health.connected(),
            _ => self.health.reconnecting(),
        }
    }

    async fn guild_create(&self, ctx: Context, _: Guild, _: Option<bool>) {
        self.check_permissions(&ctx);
    }

    async fn channel_update(&self, ctx: Context, _: Option<GuildChannel>, _: GuildChannel) {
        self.check_permissions(&ctx);
    }

    async fn guild_role_update(&self, ctx: Context, _: Option<Role>, _: Role) {
        self.check_permissions(&ctx);
    }

    async fn guild_member_update(&self, ctx: Context, _: Option<Member>, _: Option<Member>, _: GuildMemberUpdateEvent) {
        self.check_permissions(&ctx);
    }
}
